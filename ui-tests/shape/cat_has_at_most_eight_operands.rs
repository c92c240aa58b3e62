// PyTorch concatenates a list of any length.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 1>>::ones();
    let b = || a.clone();
    let _ = (b(), b(), b(), b(), b(), b(), b(), b(), b()).cat::<1>();
}
