// PyTorch: "linalg.cross: inputs dimension -1 must have length 3", while the program runs.
use typegrad::prelude::*;

fn main() {
    let (a, b) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 4.0]));
    let _ = a.cross::<0, _>(b);
}
