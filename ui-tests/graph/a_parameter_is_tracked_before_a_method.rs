// PyTorch's parameters are tensors.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let penalty = net.weight.square().sum();
    penalty.backward();
}
