// A width that is computed is compared when the program is built; PyTorch raises "was expecting embedding dimension".
use typegrad::prelude::*;

typegrad::check!((Lstm<4, 3, 1, true>, MultiheadAttention<8, 2>), Rank3<2, 5, 4>);

fn main() {}
