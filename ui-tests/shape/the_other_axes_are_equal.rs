// PyTorch: "Sizes of tensors must match except in dimension 1", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<4, 3>>::ones();
    let _ = (a, b).cat::<1>();
}
