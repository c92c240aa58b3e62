// PyTorch has 8-bit integers, which are promoted where they are combined with others.
use typegrad::prelude::*;

fn main() {
    let pixels = [[0_u8, 255], [128, 64]];
    let _ = Tensor::from(pixels);
}
