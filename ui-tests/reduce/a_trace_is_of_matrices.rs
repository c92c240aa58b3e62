// PyTorch: "trace: expected a matrix, but got tensor with dim 1", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::from([1.0, 2.0]).trace();
}
