// PyTorch has no types for sizes; a wrong `view` is found while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<4>>::ones().with_shape::<Rank1<6>>();
}
