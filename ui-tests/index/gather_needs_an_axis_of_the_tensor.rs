// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got -3)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::ones();
    let _ = scores.gather::<-3, _>(&Tensor::<Rank2<4, 1>, i64>::zeros());
}
