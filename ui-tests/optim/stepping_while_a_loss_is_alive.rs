// The loss borrows the parameters. PyTorch, in the backward pass: "modified by an inplace operation".
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut sgd = Sgd::new(0.1);
    let loss = net.train(Tensor::<Rank2<4, 3>>::ones()).sum();
    sgd.step(&mut net);
    loss.backward();
}
