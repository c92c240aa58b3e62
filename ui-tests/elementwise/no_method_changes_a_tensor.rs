// PyTorch's methods that end in `_` change a tensor, and a wrong gradient may follow.

use typegrad::prelude::*;

fn main() {
    let mut x = Tensor::<Rank1<4>>::ones();
    x.add_(1.0);
    println!("{x}");
}
