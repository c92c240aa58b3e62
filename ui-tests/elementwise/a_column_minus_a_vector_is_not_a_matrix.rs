// PyTorch broadcasts [32, 1] against [32] to [32, 32], silently.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 1>::new(&mut Rng::seed(0));
    let targets = Tensor::<Rank1<32>>::ones();
    let y = net.train(Tensor::<Rank2<32, 64>>::ones());
    (y - targets).square().mean().backward();
}
