// PyTorch's `eye` has no other form than a matrix; here the type says the shape, and it may be a wrong one.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<3>>::eye();
}
