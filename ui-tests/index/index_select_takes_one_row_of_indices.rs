// PyTorch: "index_select(): Index is supposed to be a vector", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<5, 3>>::ones();
    let _ = x.index_select::<0, _>(&Tensor::<Rank2<2, 2>, i64>::zeros());
}
