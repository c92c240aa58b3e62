// PyTorch: silent, and the network learns slowly.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 16>, Relu, Linear<16, 1>, Sigmoid) = Init::new(&mut Rng::seed(0));
    let target = Tensor::<Rank1<32>>::ones();
    let y = net.train(Tensor::<Rank2<32, 64>>::ones()).squeeze::<-1>();
    y.binary_cross_entropy_with_logits(target).backward();
}
