// PyTorch: works.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let net = Linear::<2, 3>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in vec![([0.5_f32, 1.0], 1_i64)].batches::<2>().in_order() {
        let scores = net.train(x);
        scores.clone().cross_entropy(&y).backward();
        println!("{}", scores.argmax_axis::<-1>().accuracy(&y));
    }
}
