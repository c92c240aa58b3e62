// PyTorch: "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed": a warning, and None.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    let y = w.track().powi(2);
    let loss = y.sum();
    loss.backward();
    println!("{}", y.grad().unwrap());
}
