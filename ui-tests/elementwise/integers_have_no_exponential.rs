// A function whose result is not an integer takes floats. PyTorch would convert an int64 tensor silently.
use typegrad::prelude::*;

fn main() {
    let indices = Tensor::from([0_i64, 1, 2]);
    let _ = indices.exp();
}
