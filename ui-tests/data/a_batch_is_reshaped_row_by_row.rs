// PyTorch: works. Images of a loader are flattened for an MLP; the rows of its last batch are padded here.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([[0.5_f32; 28]; 28], 3_i64); 50];
    let net = Linear::<784, 10>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        let x = x.reshape::<Rank2<32, 784>>();
        println!("{}", net.infer(x).cross_entropy(&y));
    }
}
