// PyTorch: "Given input size: (8x1x1). Calculated output size: (8x0x0). Output size is too small", while it runs.
use typegrad::prelude::*;

type Net = (Conv2d<1, 8, 3>, MaxPool2d<2>, MaxPool2d<2>, MaxPool2d<2>, MaxPool2d<2>);
typegrad::check!(Net, Rank4<32, 1, 16, 16>);

fn main() {}
