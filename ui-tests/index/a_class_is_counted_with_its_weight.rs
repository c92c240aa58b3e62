// PyTorch: "weights should be 1-d and have the same length as input", while the program runs.
use typegrad::prelude::*;

fn main() {
    let labels = Tensor::from([0, 1, 1]);
    let _ = labels.bincount_with::<2, _>(&Tensor::<Rank1<2>>::ones());
}
