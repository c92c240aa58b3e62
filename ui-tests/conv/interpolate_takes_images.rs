// PyTorch: "Input and output must have the same number of spatial dimensions", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<8, 3, 16>>::ones().interpolate::<4, 4, typegrad::nn::NearestMode>();
}
