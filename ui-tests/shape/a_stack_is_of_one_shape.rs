// PyTorch: "stack expects each tensor to be equal size", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<2, 4>>::ones();
    let _ = (a, b).stack::<0>();
}
