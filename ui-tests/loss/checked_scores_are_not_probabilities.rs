// PyTorch: "all elements of input should be between 0 and 1", while the program runs.
use typegrad::prelude::*;

typegrad::check!((Linear<4, 8>, Relu, Linear<8, 1>), Rank2<2, 4>, loss = BceLoss);

fn main() {}
