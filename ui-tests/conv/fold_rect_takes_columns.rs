// PyTorch: "Expected 2D or 3D (batch mode) tensor for input", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<9, 8>>::ones().fold_rect::<4, 4, Window<1>, Window<3>>();
}
