// Works in PyTorch: `weight[ids]` is an embedding.
use typegrad::prelude::*;

fn main() {
    let net = Embedding::<10, 4>::new(&mut Rng::seed(0));
    let rows = net.weight[&Tensor::from([1_i64, 3, 5])];
    println!("{}", rows.mean());
}
