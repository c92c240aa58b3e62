// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<8, 9>>::ones().unfold_rect::<Window<1>, Window<7, 1, 3>>();
}
