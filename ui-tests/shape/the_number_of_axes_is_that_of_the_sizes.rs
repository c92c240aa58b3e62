// PyTorch's `x.dim()` is the number of axes.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x.dim() + 1);
}
