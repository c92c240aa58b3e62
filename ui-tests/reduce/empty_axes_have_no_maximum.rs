// PyTorch: "amax(): Expected reduction dim 2 to have non-zero size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<2, 3, 0>>::ones().amax_axes::<Axes2<0, 2>>();
}
