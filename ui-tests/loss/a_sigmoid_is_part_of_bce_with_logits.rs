// PyTorch: silent, and the network learns slowly.
use typegrad::prelude::*;

type Net = (Linear<64, 16>, Relu, Linear<16, 1>, Sigmoid);
typegrad::check!(Net, Rank2<32, 64>, loss = BceWithLogitsLoss);

fn main() {
    let (net, target) = (Net::new(&mut Rng::seed(0)), Tensor::<Rank1<32>>::ones());
    let y = net.train(Tensor::<Rank2<32, 64>>::ones()).squeeze::<-1>();
    y.binary_cross_entropy_with_logits(target).backward();
}
