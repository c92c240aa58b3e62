// PyTorch: "in_channels must be divisible by groups", while the program runs; here at the field, by `cargo check`.
use typegrad::prelude::*;

#[derive(Module)]
struct Blocks {
    blocks: [(Conv2d<3, 16, 3, 1, 1, 1, 2>, Relu); 2],
}

#[derive(Module)]
struct Net {
    blocks: Blocks,
}

fn main() {}
