// A network whose type says f32 has no form with f64; PyTorch changes the network itself.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<2, 1>,
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let exact = net.to::<f64>();
}
