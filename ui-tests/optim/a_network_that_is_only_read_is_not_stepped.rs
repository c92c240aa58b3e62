// PyTorch: every reference may change the network.
use typegrad::prelude::*;

fn train(net: &Linear<3, 2>, x: Tensor<Rank2<4, 3>>, adam: &mut Adam) {
    net.train(x).mean().backward();
    adam.step(net);
}

fn main() {
    train(&Linear::new(&mut Rng::seed(0)), Tensor::ones(), &mut Adam::new(1e-3));
}
