// PyTorch's `tensor([1.0, 2.0])`.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::new([1.0, 2.0]);
    println!("{x}");
}
