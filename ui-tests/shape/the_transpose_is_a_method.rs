// PyTorch: `x.T` is the transpose.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    println!("{}", x.T);
}
