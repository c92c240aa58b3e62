// PyTorch: "Input Error: Only unbatched (2D) or batched (3D) input Tensors are supported", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<8, 3, 16, 16>>::ones().fold::<2, 2, 2, 1, 0, 1>();
}
