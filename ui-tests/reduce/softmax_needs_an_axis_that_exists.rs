// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got -3)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 3>>::ones().softmax::<-3>();
}
