// PyTorch: works. Black and white are exchanged in the loop over a loader, with the number on the left.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([0.5_f32; 784], 3_i64); 50];
    let net = Linear::<784, 10>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        let x = 1.0 - x;
        println!("{}", net.infer(x).cross_entropy(&y));
    }
}
