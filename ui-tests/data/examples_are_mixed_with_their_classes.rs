// torchvision's `MixUp` takes images and integer labels, and raises "labels should be index based" for others.
use typegrad::data::{Dataset, TensorDataset};
use typegrad::prelude::*;

fn main() {
    let data = TensorDataset::new(Tensor::<Rank2<8, 3>>::ones(), Tensor::<Rank2<8, 1>>::ones());
    let _ = data.mixup::<2>(0.2);
}
