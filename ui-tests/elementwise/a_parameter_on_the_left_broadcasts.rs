// PyTorch: "The size of tensor a (3) must match the size of tensor b (2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    let _ = &w * Tensor::<Rank1<2>>::ones();
}
