// PyTorch: `y.float()` works. The labels of a loader are the targets of a regression.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([1.0_f32, 2.0], [3_i64]); 50];
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        net.train(x).mse_loss(y.to::<f32>()).backward();
    }
}
