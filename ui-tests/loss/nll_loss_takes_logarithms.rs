// PyTorch: silent, and the loss is negative.
use typegrad::prelude::*;

type Net = (Linear<64, 10>, Softmax<-1>);
typegrad::check!(Net, Rank2<32, 64>, loss = NllLoss);

fn main() {
    let (net, labels) = (Net::new(&mut Rng::seed(0)), Tensor::<Rank1<32>, i64>::full(3));
    net.train(Tensor::<Rank2<32, 64>>::ones()).nll_loss(&labels).backward();
}
