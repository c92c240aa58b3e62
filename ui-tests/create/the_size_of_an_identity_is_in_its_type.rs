// PyTorch: `torch.eye(3)` works.
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::eye(3));
}
