// PyTorch: "embed_dim must be divisible by num_heads", while the program runs.
use typegrad::prelude::*;

typegrad::check!((MultiheadAttention<8, 3>, LayerNorm<8>), Rank3<2, 5, 8>);

fn main() {}
