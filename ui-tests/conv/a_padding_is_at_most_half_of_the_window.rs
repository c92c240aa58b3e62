// PyTorch: "pad should be at most half of effective kernel size, but got pad=2, kernel_size=3".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<8, 16, 5, 5>>::ones().avg_pool2d::<3, 1, 2>();
}
