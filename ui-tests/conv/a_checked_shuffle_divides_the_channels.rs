// PyTorch: "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but
// input.size(-3)=10 is not divisible by 4", while it runs.
use typegrad::prelude::*;

typegrad::check!((Conv2d<3, 10, 3, 1, 1>, PixelShuffle<2>), Rank4<2, 3, 5, 7>);

fn main() {}
