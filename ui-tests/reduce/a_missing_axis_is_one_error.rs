// PyTorch: "Dimension out of range (expected to be in range of [-3, 2], but got 7)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<8, 3, 16>>::ones().sum_axis::<7>();
}
