// PyTorch: `net.train()` sets a mode.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 2>::new(&mut Rng::seed(0));
    net.train();
}
