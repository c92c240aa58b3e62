// PyTorch: "Dimension out of range (expected to be in range of [-3, 2], but got 3)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _ = [a.clone(), a].stack::<3>();
}
