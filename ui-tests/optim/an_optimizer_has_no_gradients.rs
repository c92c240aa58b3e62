// PyTorch's `optimizer.zero_grad()`.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    adam.zero_grad();
    net.train(Tensor::<Rank2<4, 3>>::ones()).sum().backward();
    adam.step(&mut net);
}
