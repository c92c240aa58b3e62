// PyTorch's closure returns the tensor of the loss after `loss.backward()`; without `backward` nothing is learned, silently.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<3, 4>>::ones();
    Lbfgs::default().step(&mut net, |net| net.train(x.clone()).powi(2).mean());
}
