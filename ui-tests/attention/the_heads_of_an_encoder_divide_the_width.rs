// A check finds heads that do not divide the width in an array of layers; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

typegrad::check!((Linear<8, 10>, [TransformerEncoderLayer<10, 3, 16>; 2]), Rank3<4, 5, 8>);

fn main() {}
