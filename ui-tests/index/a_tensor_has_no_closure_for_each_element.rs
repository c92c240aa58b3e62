// PyTorch's `x.apply_(f)` calls `f` for each element, without a gradient.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    println!("{}", x.map(|x| x * 2.0));
}
