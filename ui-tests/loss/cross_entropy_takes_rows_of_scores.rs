// PyTorch reads the second of three axes as the classes: [B, T, V] has T classes, and if T == V it trains on that.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank3<4, 10, 10>>::ones();
    let labels = Tensor::<Rank2<4, 10>, i64>::zeros();
    let _ = scores.cross_entropy(&labels);
}
