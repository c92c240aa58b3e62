// PyTorch: "The expanded size of the tensor (4) must match the existing size (3)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    let _ = x.broadcast_to::<Rank1<4>>();
}
