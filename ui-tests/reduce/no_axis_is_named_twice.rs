// PyTorch: "dim 2 appears multiple times in the list of dims", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<2, 3, 4>>::ones().mean_axes::<Axes2<2, -1>>();
}
