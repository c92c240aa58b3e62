// PyTorch: "inconsistent target size, expected [32] but got [16]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    println!("{}", scores.multi_margin_loss(&Tensor::<Rank1<16>, i64>::zeros()));
}
