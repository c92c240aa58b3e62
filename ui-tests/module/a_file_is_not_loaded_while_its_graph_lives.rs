// PyTorch loads into the model, and a backward pass after it raises or mixes two models.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<4, 3>::new(&mut Rng::seed(0));
    let loss = net.train(Tensor::<Rank2<2, 4>>::ones()).sum();
    typegrad::io::load("net", &mut net).unwrap();
    loss.backward();
}
