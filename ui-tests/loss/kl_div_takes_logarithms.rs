// PyTorch: silent, and the loss is not a divergence.
use typegrad::prelude::*;

type Net = (Linear<64, 10>, Softmax<-1>);
typegrad::check!(Net, Rank2<32, 64>, loss = KlDivLoss);

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let teacher = Tensor::<Rank2<32, 10>>::full(0.1);
    KlDivLoss::new().batchmean(net.train(Tensor::<Rank2<32, 64>>::ones()), teacher).backward();
}
