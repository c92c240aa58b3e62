// PyTorch: "Expected more than 1 spatial element when training", while it runs.
use typegrad::prelude::*;

typegrad::check!((Conv2d<3, 8, 3>, InstanceNorm2d<8>), Rank4<2, 3, 3, 3>);

fn main() {}
