// PyTorch: "The size of tensor a (4) must match the size of tensor b (2)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let (x, mean) = (Tensor::<Rank1<4>>::ones(), Tensor::<Rank1<2>>::ones());
    let _ = x - mean.expand();
}
