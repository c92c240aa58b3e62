// PyTorch: "Expected 5D (batched) input to conv3d", or one of the weight, while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank5<2, 3, 4, 5, 5>>::ones();
    let _ = x.conv3d::<Conv, _>(Tensor::<Rank4<6, 3, 3, 3>>::ones());
}
