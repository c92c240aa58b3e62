// PyTorch: "outer: Expected 1-D argument vec2, but got 2-D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>>::ones();
    let b = Tensor::<Rank2<2, 3>>::ones();
    let _ = a.outer(b);
}
