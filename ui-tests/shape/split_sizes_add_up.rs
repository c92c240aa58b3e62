// PyTorch: "split_with_sizes expects split_sizes to sum exactly to 6", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<6>>::ones();
    let _ = x.split::<0, Rank2<2, 3>>();
}
