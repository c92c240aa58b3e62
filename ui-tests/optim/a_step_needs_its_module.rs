// An optimizer holds no parameters: it is told whose they are. PyTorch's `step()` goes where its list points.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    net.train(Tensor::<Rank2<4, 3>>::ones()).sum().backward();
    adam.step();
    net.zero_grad();
}
