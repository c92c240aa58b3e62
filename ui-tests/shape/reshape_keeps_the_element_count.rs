// PyTorch: "shape '[20, 20]' is invalid for input of size 576", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<576>>::ones();
    let _ = x.reshape::<Rank2<20, 20>>();
}
