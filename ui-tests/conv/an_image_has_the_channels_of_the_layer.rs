// PyTorch: "expected input[8, 1, 28, 28] to have 3 channels, but got 1 channels instead", while the program runs.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 16, 3>::new(&mut Rng::seed(0));
    let _ = conv.train(Tensor::<Rank4<8, 1, 28, 28>>::ones());
}
