// PyTorch: "Expected index [5, 1] to be no larger than self [4, 10] apart from dimension 1", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<4, 10>>::ones();
    let _ = x.scatter::<1, _>(&Tensor::<Rank2<5, 1>, i64>::zeros(), Tensor::<Rank2<5, 1>>::ones());
}
