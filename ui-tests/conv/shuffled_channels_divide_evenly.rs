// PyTorch: "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<6, 3, 3>>::ones().pixel_shuffle::<2>();
}
