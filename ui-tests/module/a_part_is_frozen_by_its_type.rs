// PyTorch: works.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    body: Linear<64, 32>,
    head: Linear<32, 10>,
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    net.body.requires_grad_(false);
}
