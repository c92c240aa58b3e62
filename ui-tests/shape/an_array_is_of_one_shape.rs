// An array holds tensors of one type; a tuple takes those that differ. PyTorch takes both in a list.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<2, 4>>::ones();
    let _ = [a, b].cat::<1>();
}
