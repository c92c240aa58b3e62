// PyTorch: "X1 and X2 must have the same number of columns", while the program runs.
use typegrad::prelude::*;

fn main() {
    let (a, b) = (Tensor::<Rank2<4, 3>>::ones(), Tensor::<Rank2<5, 2>>::ones());
    let _ = a.cdist(b);
}
