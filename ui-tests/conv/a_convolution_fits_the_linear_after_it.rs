// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x576 and 512x10)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Conv2d<1, 16, 3>, Relu, Flatten, Linear<512, 10>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<8, 1, 8, 8>>::ones());
}
