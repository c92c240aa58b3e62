// PyTorch: "start (2) + length (2) exceeds dimension size (3)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.narrow::<1, 2, 2>();
}
