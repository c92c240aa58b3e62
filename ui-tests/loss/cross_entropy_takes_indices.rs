// PyTorch: "expected scalar type Long but found Float", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let labels = Tensor::<Rank1<32>>::zeros();
    let _ = scores.cross_entropy(&labels);
}
