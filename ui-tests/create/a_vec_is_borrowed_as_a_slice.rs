// PyTorch's `tensor(list)` copies a list that is used later.
use typegrad::prelude::*;

fn main() {
    let v: Vec<f32> = vec![1.0, 2.0];
    let x = Tensor::<Rank1<2>>::try_from(&v).expect("two elements");
    println!("{x} {v:?}");
}
