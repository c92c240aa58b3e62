// Equal shapes or leading axes only; PyTorch finds this while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<2, 4>>::ones();
    let _ = a + b;
}
