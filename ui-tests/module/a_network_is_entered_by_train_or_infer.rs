// PyTorch runs `net(x)` in whatever mode the network was left in.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 32>, Relu, Linear<32, 10>) = Init::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.call(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
