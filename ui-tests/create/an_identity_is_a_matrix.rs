// PyTorch's `eye` returns a matrix; here the shape is that of the type, which may be a wrong one.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<3>>::eye();
}
