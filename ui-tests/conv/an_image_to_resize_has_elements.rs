// PyTorch: "Non-empty 4D data tensor expected", while the program runs.
use typegrad::prelude::*;

typegrad::check!((Conv2d<3, 16, 1>, AdaptiveAvgPool2d<2>), Rank4<8, 3, 0, 4>);

fn main() {}
