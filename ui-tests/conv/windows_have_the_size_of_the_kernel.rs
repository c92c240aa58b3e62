// PyTorch takes the size of the kernel from the weight alone.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let w = Tensor::<Rank4<16, 3, 7, 1>>::ones();
    let _ = Tensor::<Rank4<8, 3, 28, 28>>::ones().conv2d_rect::<Window<1>, Window<7, 1, 3>, 1, _>(w);
}
