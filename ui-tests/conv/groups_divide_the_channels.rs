// PyTorch: "in_channels must be divisible by groups", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 16, 3, 1, 1, 1, 2>::new(&mut Rng::seed(0));
    let _ = conv.infer(Tensor::<Rank4<8, 3, 28, 28>>::ones());
}
