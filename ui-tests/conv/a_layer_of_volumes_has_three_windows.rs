// PyTorch: "expected stride to be a single integer value or a list of 2 values", while the program runs.
use typegrad::prelude::*;

fn infer(_: &RectConv3d<3, 16, Window<1>, Window<3, 1, 1>>) {}

fn main() {}
