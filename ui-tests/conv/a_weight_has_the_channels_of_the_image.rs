// PyTorch: "expected input[8, 3, 28, 28] to have 4 channels, but got 3 channels instead", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let w = Tensor::<Rank4<16, 2, 3, 3>>::ones();
    let _ = Tensor::<Rank4<8, 3, 28, 28>>::ones().conv2d::<Conv<1, 0, 1, 2>, _>(w);
}
