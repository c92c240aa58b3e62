// A Python function declares no type of its result.
use typegrad::prelude::*;

fn energy(net: &Linear<4, 1>, x: Tensor<Rank2<8, 4>>) -> Loss {
    net.train(x).powi(2).mean()
}

fn main() {
    let rng = &mut Rng::seed(0);
    energy(&Linear::new(rng), Tensor::randn(rng)).backward();
}
