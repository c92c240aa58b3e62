// PyTorch: "The size of tensor a (3) must match the size of tensor b (2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let y = Tensor::<Rank2<2, 2>>::ones();
    let _ = x.clone().where_(x.gt(0.0), y);
}
