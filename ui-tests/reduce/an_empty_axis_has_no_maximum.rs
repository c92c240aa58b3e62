// PyTorch: "max(): Expected reduction dim 1 to have non-zero size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 0>>::ones().max_axis::<-1>();
}
