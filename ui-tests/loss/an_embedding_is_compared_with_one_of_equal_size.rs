// PyTorch: "The size of tensor a (64) must match the size of tensor b (32)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let anchor = Tensor::<Rank2<8, 64>>::ones();
    let negative = Tensor::<Rank2<8, 32>>::ones();
    let _ = anchor.clone().triplet_margin_loss(anchor, negative);
}
