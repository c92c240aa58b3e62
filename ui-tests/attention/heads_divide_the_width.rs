// The heads of an attention share its width evenly; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attn: MultiheadAttention<10, 3>,
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    println!("{}", net.num_parameters());
}
