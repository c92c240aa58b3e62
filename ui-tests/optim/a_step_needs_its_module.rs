// An optimizer holds no parameters: `step` is given the module. PyTorch's `step()` uses its list of parameters.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    net.train(Tensor::<Rank2<4, 3>>::ones()).sum().backward();
    adam.step();
    net.zero_grad();
}
