// PyTorch's `x.select(0, 1)` has its axis as an argument.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 4>>::ones();
    println!("{}", x.select(0, 1));
}
