// PyTorch: "inconsistent tensor size, expected tensor [2] and src [3] to have the same number of elements".
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>>::ones();
    let b = Tensor::<Rank1<3>>::ones();
    let _ = a.dot(&b);
}
