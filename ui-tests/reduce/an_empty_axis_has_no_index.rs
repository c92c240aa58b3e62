// PyTorch: "argmax(): Expected reduction dim 0 to have non-zero size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<0, 3>>::ones().argmax_axis::<0>();
}
