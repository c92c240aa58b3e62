// PyTorch: "expected input[32, 28, 28, 3] to have 3 channels, but got 28 channels instead".
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 16, 3>::new(&mut Rng::seed(0));
    let images = Tensor::<Rank4<32, 28, 28, 3>>::ones();
    conv.train(images).relu().mean().backward();
}
