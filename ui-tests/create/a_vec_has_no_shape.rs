// PyTorch's `tensor(list)` counts the elements.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from(vec![1.0, 2.0, 3.0]);
    println!("{x}");
}
