// PyTorch's `x[2:5]` is some rows. Here the bounds are part of the type, because the shape of the result depends on them.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x[2..5].mean());
}
