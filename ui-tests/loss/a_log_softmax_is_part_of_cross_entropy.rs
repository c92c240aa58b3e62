// PyTorch: works, and computes the logarithms twice.
// Found when the program is built.
use typegrad::nn::LogSoftmax;
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 10>, LogSoftmax<-1>) = Init::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
