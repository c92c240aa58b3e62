// PyTorch: "masked_fill_ only supports boolean masks, but got mask with dtype float", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank1<4>>::ones();
    let mask = Tensor::<Rank1<4>>::ones();
    let _ = scores.masked_fill(mask, 0.0);
}
