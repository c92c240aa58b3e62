// PyTorch: "expected input[8, 7, 4, 4] to have 8 channels, but got 7 channels instead", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<8, 2, 3>::new(&mut Rng::seed(0));
    let (a, b) = (Tensor::<Rank4<8, 3, 4, 4>>::ones(), Tensor::<Rank4<8, 4, 4, 4>>::ones());
    let _ = conv.infer((a, b).cat::<1>());
}
