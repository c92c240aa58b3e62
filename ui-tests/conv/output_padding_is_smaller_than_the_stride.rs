// PyTorch: "output padding must be smaller than either stride or dilation", while the program runs.
use typegrad::prelude::*;

typegrad::check!(ConvTranspose2d<3, 16, 3, 2, 1, 2>, Rank4<8, 3, 28, 28>);

fn main() {}
