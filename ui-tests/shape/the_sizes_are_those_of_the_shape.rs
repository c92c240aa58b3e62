// PyTorch's `x.size(0)` is an element of `x.shape`.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x.size(0) * 2);
}
