// PyTorch: "adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions", while the program runs.
use typegrad::prelude::*;

typegrad::check!((AdaptiveAvgPool2d<2>, Conv2d<3, 16, 1>), Rank4<8, 3, 0, 4>);

fn main() {}
