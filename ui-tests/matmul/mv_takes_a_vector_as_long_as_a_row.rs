// PyTorch: "size mismatch, got input (2), mat (2x3), vec (4)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank1<4>>::ones();
    let _ = a.mv(b);
}
