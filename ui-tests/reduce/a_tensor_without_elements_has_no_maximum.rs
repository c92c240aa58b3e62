// PyTorch: "Expected reduction dim to be specified for input.numel() == 0", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 0>>::ones().max();
}
