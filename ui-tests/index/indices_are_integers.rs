// PyTorch: "index_select(): Expected dtype int32 or int64 for index", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<5, 3>>::ones();
    let _ = x.index_select::<0, _>(&Tensor::<Rank1<2>>::zeros());
}
