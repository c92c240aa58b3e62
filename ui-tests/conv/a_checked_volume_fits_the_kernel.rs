// PyTorch: "Calculated padded input size per channel: (2 x 8 x 8). Kernel size: (3 x 3 x 3). Kernel size can't be greater than
// actual input size", while it runs.
use typegrad::prelude::*;

typegrad::check!((Conv3d<1, 4, 3>, Relu, MaxPool3d<2>), Rank5<2, 1, 2, 8, 8>);

fn main() {}
