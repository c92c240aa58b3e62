// PyTorch: "Index tensor must have the same number of dimensions as input tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let picked = scores.gather::<1, _>(&labels);
    println!("{picked}");
}
