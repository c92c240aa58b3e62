// PyTorch: "Dimension out of range (expected to be in range of [-1, 0], but got 1)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::from([3.0, 1.0, 2.0]).sort::<1>();
}
