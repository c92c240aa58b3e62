// PyTorch: "select(): index 2 out of range for tensor of size [2, 3] at dimension 0", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.select_at::<0, 2>();
}
