// PyTorch's optimizers hold the parameters.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(net.parameters(), 1e-3);
    net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
    adam.step(&mut net);
}
