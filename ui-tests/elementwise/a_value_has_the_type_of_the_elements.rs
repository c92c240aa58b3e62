// PyTorch silently truncates a value for integers: 0.5 becomes 0.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([1, 2, 3]);
    let _ = x.masked_fill(Tensor::from([true, false, true]), 0.5);
}
