// PyTorch: "Expected index [4, 3] to be no larger than src [4, 2]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<4, 10>>::ones();
    let _ = x.scatter_add::<1, _>(&Tensor::<Rank2<4, 3>, i64>::zeros(), Tensor::<Rank2<4, 2>>::ones());
}
