// PyTorch: "Only Tensors of floating point and complex dtype can require gradients".
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::from([1, 2, 3]));
    w.track().sum().backward();
    println!("{:?}", w.grad());
    w.zero_grad();
}
