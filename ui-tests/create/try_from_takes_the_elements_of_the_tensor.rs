// PyTorch's `tensor(list)` takes the type of the elements, and converts them to `float32` if asked.
use typegrad::prelude::*;

fn main() {
    let v: Vec<f64> = vec![1.0, 2.0];
    let x = Tensor::<Rank1<2>>::try_from(v).expect("two elements");
    println!("{}", x.sum());
}
