// PyTorch: "pad should be at most half of effective kernel size, but got pad=2, kernel_size=3".
use typegrad::prelude::*;

typegrad::check!((Conv2d<3, 16, 3>, AvgPool2d<3, 1, 2>), Rank4<8, 3, 7, 7>);

fn main() {}
