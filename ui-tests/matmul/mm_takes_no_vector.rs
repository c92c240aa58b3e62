// PyTorch: "mm: mat2 must be a matrix, got 1-D tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank1<3>>::ones();
    let _ = a.mm(b);
}
