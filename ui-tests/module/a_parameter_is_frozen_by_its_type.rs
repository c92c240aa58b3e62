// PyTorch: works.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 32>::new(&mut Rng::seed(0));
    net.bias.requires_grad_(false);
}
