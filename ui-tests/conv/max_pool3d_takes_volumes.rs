// PyTorch: takes the images for one volume of eight channels, without an error.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<8, 3, 16, 16>>::ones().max_pool3d::<2, 2, 0, 1>();
}
