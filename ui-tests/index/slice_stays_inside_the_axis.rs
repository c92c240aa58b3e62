// PyTorch cuts a slice that is too long, x[:, 1:9] of three columns, to what is there, silently.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 3>>::ones().slice::<1, 1, 9>();
}
