// PyTorch: the mean of all elements.
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::from([[1.0, 2.0], [3.0, 4.0]]).mean_axis());
}
