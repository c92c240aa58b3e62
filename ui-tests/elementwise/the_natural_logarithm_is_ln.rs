// PyTorch's `log` has the name of Rust's floats.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x.log().sum().item());
}
