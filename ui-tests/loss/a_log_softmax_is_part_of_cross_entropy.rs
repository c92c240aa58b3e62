// PyTorch: works, and computes the logarithms twice.
use typegrad::prelude::*;

type Net = (Linear<64, 10>, LogSoftmax<-1>);
typegrad::check!(Net, Rank2<32, 64>, loss = CrossEntropyLoss);

fn main() {
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let net = Net::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
