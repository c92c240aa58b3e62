// PyTorch: x - x.sum(-1) "must match the size of tensor b", or a wrong result if the matrix is square.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<3, 3>>::ones();
    let _ = x.clone() - x.sum_axis::<-1>().expand();
}
