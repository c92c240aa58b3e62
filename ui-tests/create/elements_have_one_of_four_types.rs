// PyTorch has 8-bit integers.
use typegrad::prelude::*;

fn main() {
    let x: Tensor<Rank1<3>, u8> = Tensor::full(255);
    drop(x);
}
