// PyTorch: "weight should have at least three dimensions", or a guess at an image without a batch.
use typegrad::prelude::*;

fn main() {
    let w = Tensor::<Rank3<16, 3, 3>>::ones();
    let _ = Tensor::<Rank4<8, 3, 28, 28>>::ones().conv2d::<Conv, _>(w);
}
