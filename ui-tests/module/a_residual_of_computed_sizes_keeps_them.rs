// PyTorch: "The size of tensor a (8) must match the size of tensor b (6) at non-singleton dimension 3".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net = Residual::<(Conv2d<16, 16, 3, 1, 1>, Relu, Conv2d<16, 16, 3>)>::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank4<2, 16, 8, 8>>::ones()).sum().backward();
}
