// PyTorch: {"params": .., "lr": 1e-4}
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3).group(Group::named("bias").lr(1e-4));
    net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
    adam.step(&mut net);
}
