// PyTorch's `x > 0.5` is a mask. Here `>` compares a scalar with a number, and `x.gt(0.5)` is the mask.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x.clone().masked_fill(x > 0.5, 0.0));
}
