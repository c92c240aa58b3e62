// PyTorch's `prod` of a mask is an integer.
use typegrad::prelude::*;

fn main() {
    let mask = Tensor::from([1.0, -2.0]).gt(0.0);
    println!("{}", mask.prod());
}
