// PyTorch: "selected index k out of range", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 3>>::ones();
    let _ = scores.topk::<-1, 5>();
}
