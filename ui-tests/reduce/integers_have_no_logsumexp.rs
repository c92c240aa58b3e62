// PyTorch: "logsumexp(): Expected floating point type for result tensor, but got: Long".
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::from([1, 2, 3]).logsumexp());
}
