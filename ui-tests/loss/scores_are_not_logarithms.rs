// PyTorch: silent, NLLLoss of scores falls without a bound.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<4, 8>, Relu, Linear<8, 3>) = Init::new(&mut Rng::seed(0));
    let labels = Tensor::from([0, 2]);
    net.train(Tensor::<Rank2<2, 4>>::ones()).nll_loss(&labels).backward();
}
