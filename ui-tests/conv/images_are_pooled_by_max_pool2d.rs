// PyTorch: "Expected 2D or 3D input, but got 4D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Conv2d<1, 16, 3>, AdaptiveAvgPool2d<4>, MaxPool1d<2>) = Init::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank4<8, 1, 28, 28>>::ones()).sum().backward();
}
