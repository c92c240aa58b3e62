// PyTorch: "a Tensor with 6 elements cannot be converted to Scalar", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.item();
}
