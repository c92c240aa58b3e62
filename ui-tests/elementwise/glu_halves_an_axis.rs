// PyTorch: "Halving dimension must be even, but dimension 1 is size 5", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<4, 5>>::ones().glu::<-1>();
}
