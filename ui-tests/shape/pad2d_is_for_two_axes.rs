// PyTorch: "Padding length should be less than or equal to two times the input dimension", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    let _ = x.pad2d::<1, 1, 1, 1>(0.0);
}
