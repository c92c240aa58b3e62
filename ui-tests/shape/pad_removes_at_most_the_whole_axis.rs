// PyTorch: "narrow(): length must be non-negative", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.pad::<-2, -2>(0.0);
}
