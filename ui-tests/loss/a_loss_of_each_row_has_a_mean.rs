// PyTorch of `reduction="none"`: grad can be implicitly created only for scalar outputs. Here with a batch of a loader.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([1.0_f32, 2.0], 1_i64); 50];
    let net = Linear::<2, 3>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        CrossEntropyLoss::new().none(net.train(x), &y).backward();
    }
}
