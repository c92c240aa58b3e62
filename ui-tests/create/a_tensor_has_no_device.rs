// PyTorch: "Expected all tensors to be on the same device", while the program runs, if one is forgotten.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 3>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<8, 4>>::ones().cuda();
    net.train(x).sum().backward();
}
