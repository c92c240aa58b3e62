// PyTorch: "boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match".
use typegrad::prelude::*;

fn main() {
    let rows = Tensor::<Rank2<2, 3>>::ones();
    let _ = rows.searchsorted(&Tensor::<Rank1<4>>::ones());
}
