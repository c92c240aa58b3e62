// PyTorch: "Expected 3D or 4D (batch mode) tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<8, 16>>::ones().max_pool2d::<2, 2, 0, 1>();
}
