// PyTorch: works; `F.max_pool2d(x, 2)`.

use typegrad::prelude::*;

fn main() {
    let images = Tensor::<Rank4<8, 3, 32, 32>>::ones();
    let smaller = images.max_pool2d(2);
    println!("{}", smaller.sum().item());
}
