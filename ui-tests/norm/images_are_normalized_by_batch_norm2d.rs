// PyTorch: "expected 2D or 3D input (got 4D input)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Conv2d<1, 16, 3>, AdaptiveAvgPool2d<4>, BatchNorm1d<16>) = Init::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank4<8, 1, 28, 28>>::ones()).sum().backward();
}
