// PyTorch: "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor".
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.repeat::<Rank1<2>>();
}
