// PyTorch: "The size of tensor a (3) must match the size of tensor b (10)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let criterion = BceWithLogitsLoss::new().pos_weight(Tensor::<Rank1<3>>::ones());
    let _ = criterion.mean(scores, Tensor::zeros());
}
