// PyTorch: "Expected 3D or 4D input to conv2d", or a message on the weight, while the program runs.
use typegrad::prelude::*;

fn infer(_: &RectConv3d<3, 16, Window<1>, Window<3, 1, 1>>) {}

fn main() {}
