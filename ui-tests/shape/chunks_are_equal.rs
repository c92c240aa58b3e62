// PyTorch makes the last chunk shorter, and here even gives 3 chunks instead of 4.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<6, 3>>::ones();
    let _ = x.chunk::<0, 4>();
}
