// PyTorch: works. Pixels are scaled in the loop over a loader; the rows of its last batch are padded here.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([128.0_f32; 784], 3_i64); 50];
    let net = Linear::<784, 10>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        let x = x / 255.0;
        println!("{}", net.infer(x).cross_entropy(&y));
    }
}
