// PyTorch: takes the batch for the channels of one image, without an error.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<8, 3, 16>>::ones().avg_pool2d_rect::<Window<1>, Window<2>>(true);
}
