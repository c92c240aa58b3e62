// PyTorch has `torch.save(net, path)`; other libraries have a method.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    net.save("net.bin").expect("a file");
}
