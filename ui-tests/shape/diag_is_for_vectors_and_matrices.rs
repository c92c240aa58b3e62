// PyTorch: "diag(): Supports 1D or 2D tensors. Got 3D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<2, 3, 4>>::ones();
    let _ = x.diag::<0>();
}
