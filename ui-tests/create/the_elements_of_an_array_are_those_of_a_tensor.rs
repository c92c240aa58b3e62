// PyTorch: has tensors of 8-bit integers, which become others where they meet them.
use typegrad::prelude::*;

fn main() {
    let pixels = [[0_u8, 255], [128, 64]];
    let _ = Tensor::from(pixels);
}
