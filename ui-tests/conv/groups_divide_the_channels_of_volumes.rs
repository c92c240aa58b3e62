// PyTorch: "in_channels must be divisible by groups", while the program runs.
use typegrad::prelude::*;

typegrad::check!(RectConv3d<3, 16, Window<1>, Window<3>, Window<3>, 2>, Rank5<2, 3, 4, 8, 8>);

fn main() {}
