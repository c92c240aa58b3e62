// PyTorch: "Expected input batch_size (32) to match target batch_size (16)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let labels = Tensor::<Rank1<16>, i64>::zeros();
    let _ = scores.cross_entropy(&labels);
}
