// PyTorch: "Index tensor must have the same number of dimensions as input tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::ones();
    let labels = Tensor::<Rank1<4>, i64>::zeros();
    let _ = scores.gather::<1, _>(&labels);
}
