// PyTorch: only Tensors of floating point and complex dtype can require gradients.
use typegrad::prelude::*;

fn main() {
    let _ = Param::new(Tensor::from([1, 2, 3]));
}
