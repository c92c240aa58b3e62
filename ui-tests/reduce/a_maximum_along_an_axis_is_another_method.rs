// PyTorch: values, indices = scores.max(1) works.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<8, 3>>::ones();
    let largest = scores.max(1);
    println!("{largest}");
}
