// PyTorch: `conv2d(x, weight, None, 1, 1)` has a stride and a padding of 1.
use typegrad::prelude::*;

fn main() {
    let (x, w) = (Tensor::<Rank4<2, 3, 8, 8>>::ones(), Tensor::<Rank4<4, 3, 3, 3>>::ones());
    println!("{}", x.conv2d(&w, 1, 1));
}
