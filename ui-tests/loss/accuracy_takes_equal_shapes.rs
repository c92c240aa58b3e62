// PyTorch broadcasts [32, 1] == [32] to [32, 32], and the share is silently wrong.
use typegrad::prelude::*;

fn main() {
    let predicted = Tensor::<Rank2<32, 1>, i64>::zeros();
    let labels = Tensor::<Rank1<32>, i64>::zeros();
    let _ = predicted.accuracy(&labels);
}
