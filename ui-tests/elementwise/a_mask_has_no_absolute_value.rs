// Arithmetic takes numbers. PyTorch would compute with a bool tensor here and there, and raise a RuntimeError elsewhere.
use typegrad::prelude::*;

fn main() {
    let mask = Tensor::from([true, false]);
    let _ = mask.abs();
}
