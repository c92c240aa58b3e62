// PyTorch's `masked_fill` stretches the tensor to the mask, implicitly.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank1<4>>::ones();
    let mask = Tensor::<Rank2<2, 4>, bool>::full(true);
    let _ = scores.masked_fill(mask, 0.0);
}
