// PyTorch: "Dimension out of range (expected to be in range of [-3, 2], but got 3)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<2, 3, 4>>::ones().var_axes::<Axes2<1, 3>>();
}
