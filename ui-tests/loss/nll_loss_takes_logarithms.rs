// PyTorch: silent, and the loss is negative.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 10>, Softmax<-1>) = Init::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.train(Tensor::<Rank2<32, 64>>::ones()).nll_loss(&labels).backward();
}
