// PyTorch's `torch.save` takes the object first; `io::save` takes the path first.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 2>::new(&mut Rng::seed(0));
    typegrad::io::save(&net, "net.bin").unwrap();
}
