// PyTorch changes the module for everybody who holds a reference.
use typegrad::prelude::*;

fn train(net: &Linear<3, 2>, optimizer: &mut impl Optimizer) {
    net.train(Tensor::<Rank2<4, 3>>::ones()).sum().backward();
    optimizer.step(&mut net);
}

fn main() {
    train(&Linear::new(&mut Rng::seed(0)), &mut Adam::new(0.1));
}
