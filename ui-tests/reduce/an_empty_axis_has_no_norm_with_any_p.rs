// PyTorch: "cannot compute the inf norm on the dimension 1 because this dimension is empty", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 0>>::ones().norm_axis_with::<1>(f64::INFINITY);
}
