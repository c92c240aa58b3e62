// PyTorch: "Expected 0D or 1D tensor in the tensor list but got: [[1., 2.]]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let (x, y) = (Tensor::from([1.0, 2.0]), Tensor::from([[1.0, 2.0]]));
    let _ = (x, y).meshgrid();
}
