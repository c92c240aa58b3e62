// PyTorch's `kron` puts axes of size 1 in front of the shorter one.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    println!("{}", a.kron(Tensor::<Rank1<4>>::ones()));
}
