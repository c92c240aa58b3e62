// PyTorch: "Padding length should be less than or equal to two times the input dimension", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.pad3d::<1, 1, 1, 1, 1, 1>(0.0);
}
