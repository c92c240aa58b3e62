// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<3, 4>>::ones();
    let b = Tensor::<Rank2<3, 4>>::ones();
    let _ = (a, b).cat::<2>();
}
