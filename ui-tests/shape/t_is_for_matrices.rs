// PyTorch: "t() expects a tensor with <= 2 dimensions, but self is 3D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<2, 3, 4>>::ones();
    let _ = x.t();
}
