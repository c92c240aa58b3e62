// PyTorch has `clamp_` under `torch.no_grad()`.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
    net.weight.clamp_(-0.1, 0.1);
}
