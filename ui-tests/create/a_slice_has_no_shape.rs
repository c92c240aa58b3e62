// PyTorch: `torch.tensor(values)` of a list works.
use typegrad::prelude::*;

fn main() {
    let values = vec![1.0, 2.0, 3.0];
    let x = Tensor::from_slice(&values);
    println!("{}", x.sum());
}
