// PyTorch has `(predicted == labels).float().sum()`.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let net = Linear::<2, 2>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in vec![([1.0_f32, 2.0], 1_i64); 5].batches::<2>().in_order() {
        println!("{}", net.infer(x).argmax_axis::<-1>().eq(&y).float().sum());
    }
}
