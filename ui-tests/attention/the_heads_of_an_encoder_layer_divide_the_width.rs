// The heads of a layer in a network share its width evenly; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    encoder: TransformerEncoderLayer<16, 3, 32>,
    head: Linear<16, 2>,
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    println!("{}", net.num_parameters());
}
