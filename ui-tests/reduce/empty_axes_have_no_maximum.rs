// PyTorch: "amax(): Expected reduction dim 0 to have non-zero size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<0>>::ones().amax_axes::<Axes1<0>>();
}
