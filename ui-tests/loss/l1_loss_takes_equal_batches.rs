// PyTorch: "The size of tensor a (32) must match the size of tensor b (16)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let predicted = Tensor::<Rank2<32, 10>>::ones();
    let target = Tensor::<Rank2<16, 10>>::ones();
    let _ = predicted.l1_loss(target);
}
