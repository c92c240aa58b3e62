// PyTorch's `zeros(2, 3)` has its sizes as arguments.
use typegrad::prelude::*;

fn main() {
    let x: Tensor<Rank2<2, 3>> = Tensor::zeros(2, 3);
    println!("{x}");
}
