// PyTorch: "Expected 3D or 4D (batch mode) tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<3, 8, 9>>::ones().unfold_rect::<Window<1>, Window<7, 1, 3>>();
}
