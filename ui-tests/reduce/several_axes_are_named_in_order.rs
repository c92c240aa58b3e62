// PyTorch takes any order; here a list of axes has one spelling, and no axis can appear twice.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<2, 3, 4>>::ones().sum_axes::<Axes2<2, 0>>();
}
