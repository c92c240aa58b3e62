// PyTorch: "bitwise_and" is not implemented for floats, while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    let _ = x.gt(0.0) & x;
}
