// PyTorch: "Expected 0D or 1D tensor in the tensor list but got: [[1., 2.]]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let (x, y) = (Tensor::<Rank1<2>>::ones(), Tensor::<Rank2<1, 2>>::ones());
    let _ = (x, y).meshgrid();
}
