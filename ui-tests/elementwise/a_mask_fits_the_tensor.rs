// PyTorch: "The size of tensor a (4) must match the size of tensor b (3)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<2, 4>>::ones();
    let mask = Tensor::<Rank1<3>, bool>::full(true);
    let _ = scores.masked_fill(mask, 0.0);
}
