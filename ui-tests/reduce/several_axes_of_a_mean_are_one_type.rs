// PyTorch has `x.mean((2, 3))`.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank4<2, 3, 8, 8>>::ones();
    println!("{}", x.mean_axis::<2, 3>());
}
