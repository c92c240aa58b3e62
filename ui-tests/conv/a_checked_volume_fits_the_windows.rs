// PyTorch: "Calculated padded input size per channel: (2 x 10 x 10). Kernel size: (3 x 3 x 3). Kernel size can't be greater than
// actual input size", while it runs.
use typegrad::prelude::*;

typegrad::check!((RectConv3d<1, 4, Window<3>, Window<3, 1, 1>, Window<3, 1, 1>>, Relu), Rank5<2, 1, 2, 8, 8>);

fn main() {}
