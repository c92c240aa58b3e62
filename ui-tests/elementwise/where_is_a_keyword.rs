// PyTorch: `x.where(x > 0, other)` works.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([1.0, -2.0]);
    println!("{}", x.clone().where(x.gt(0.0), 0.0));
}
