// Keys and values as wide as the queries are a `MultiheadAttention`; PyTorch decides that by comparing kdim, vdim and embed_dim.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let attn = MultiheadCrossAttention::<8, 2, 8>::new(&mut Rng::seed(0));
    println!("{}", attn.num_parameters());
}
