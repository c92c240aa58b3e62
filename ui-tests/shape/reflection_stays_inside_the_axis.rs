// PyTorch: "Padding size should be less than the corresponding input dimension", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.reflect_pad::<3, 1>();
}
