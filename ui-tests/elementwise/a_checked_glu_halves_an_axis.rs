// PyTorch: "Halving dimension must be even, but dimension 1 is size 5", while it runs.
use typegrad::prelude::*;

typegrad::check!((Linear<4, 5>, Glu), Rank2<8, 4>);

fn main() {}
