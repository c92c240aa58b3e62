// PyTorch stretches any axis of size 1.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<32, 10>>::ones();
    println!("{}", x.clone() / x.sum_keepdim::<-1>());
}
