// PyTorch saves `net.state_dict()`; `io::save` takes the module, and a state dict has a method of its own.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 2>::new(&mut Rng::seed(0));
    typegrad::io::save("net.bin", &net.state_dict()).unwrap();
}
