// PyTorch: "Given input size: (4x1x8x8). Calculated output size: (4x0x4x4). Output size is too small", while it runs.
use typegrad::prelude::*;

typegrad::check!((Conv3d<3, 4, 1>, RectMaxPool3d<Window<2>, Window<2, 2>, Window<2, 2>>), Rank5<2, 3, 1, 8, 8>);

fn main() {}
