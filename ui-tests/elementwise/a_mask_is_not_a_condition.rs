// PyTorch: "Boolean value of Tensor with more than one value is ambiguous", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([1.0, 2.0, 3.0]);
    if x.gt(0.0) {
        println!("positive");
    }
}
