// PyTorch: "The size of tensor a (3) must match the size of tensor b (2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.pow(Tensor::<Rank1<2>>::ones());
}
