// PyTorch: works; `net.double()` changes the network.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 3>::new(&mut Rng::seed(0));
    let exact = net.double();
    println!("{}", exact.infer(Tensor::<Rank2<8, 4>, f64>::ones()).sum().item());
}
