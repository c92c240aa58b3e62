// PyTorch's `x[0]` is a row. Here the axis is part of the method, so that the shape of the result is known.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x[0]);
}
