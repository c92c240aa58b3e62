// PyTorch broadcasts [32, 1] against [32] to [32, 32], with a warning, and trains on the wrong loss.
use typegrad::prelude::*;

fn main() {
    let predicted = Tensor::<Rank2<32, 1>>::ones();
    let target = Tensor::<Rank1<32>>::ones();
    let _ = predicted.mse_loss(&target);
}
