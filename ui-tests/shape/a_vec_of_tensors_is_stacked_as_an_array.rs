// PyTorch's `stack(list)` counts the tensors.
use typegrad::prelude::*;

fn main() {
    let rows: Vec<Tensor<Rank1<4>>> = vec![Tensor::ones(), Tensor::zeros()];
    println!("{}", rows.stack::<0>());
}
