// PyTorch: "mean(): Input dtype must be either a floating point or complex dtype", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::from([1_i64, 2, 3]).mean();
}
