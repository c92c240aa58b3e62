// PyTorch: `x.int()` is a tensor of int32.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([1.5, 2.5]);
    println!("{}", x.int());
}
