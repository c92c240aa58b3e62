// PyTorch: "tril: input tensor must have at least 2 dimensions", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    let _ = x.tril(0);
}
