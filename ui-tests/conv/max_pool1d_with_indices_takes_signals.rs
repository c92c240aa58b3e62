// PyTorch: "Expected 2D or 3D (batch mode) tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<8, 3, 16, 16>>::ones().max_pool1d_with_indices::<2, 2, 0, 1>();
}
