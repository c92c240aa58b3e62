// PyTorch: "Padding value causes wrapping around more than once", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.circular_pad::<4, 0>();
}
