// PyTorch: works, and removes every axis of size 1.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<1, 4, 1>>::zeros();
    println!("{}", x.squeeze());
}
