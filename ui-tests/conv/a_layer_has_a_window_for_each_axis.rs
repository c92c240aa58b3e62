// PyTorch: "expected padding to be a single integer value or a list of 2 values", while the program runs.
use typegrad::prelude::*;

fn infer(_: &RectConv2d<3, 16, Rank2<1, 7>, Window<7, 1, 3>>) {}

fn main() {}
