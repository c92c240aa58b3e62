// PyTorch: "batch2 must be a 3D tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank3<2, 3, 4>>::ones();
    let b = Tensor::<Rank2<4, 5>>::ones();
    let _ = a.bmm(b);
}
