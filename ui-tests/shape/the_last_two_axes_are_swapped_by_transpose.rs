// PyTorch: `x.mT` swaps the last two axes.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<2, 3, 4>>::ones();
    let y = x.clone().matmul(x.mT());
    println!("{y}");
}
