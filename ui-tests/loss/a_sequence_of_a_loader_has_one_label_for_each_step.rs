// PyTorch: Expected target size [32, 65], got [32, 16]. The scores of a batch of sequences have their classes at the last axis.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([[0.5_f32; 8]; 16], [3_i64; 16]); 50];
    let net = Linear::<8, 65>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        println!("{}", net.infer(x).cross_entropy(&y));
    }
}
