// PyTorch: "Size does not match at dimension 0 expected index [5, 1] to be no larger than self [4, 10] apart from
// dimension 1", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::ones();
    let labels = Tensor::<Rank2<5, 1>, i64>::zeros();
    let _ = scores.gather::<1, _>(&labels);
}
