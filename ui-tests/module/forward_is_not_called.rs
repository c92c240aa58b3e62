//! A network is run in a mode. PyTorch runs it in whatever mode it is in, so that a forgotten `eval()` goes unnoticed.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 32>, Dropout, Linear<32, 10>) = Init::new(&mut Rng::seed(0));
    let scores = net.forward(Tensor::<Rank2<1, 64>>::ones());
    println!("{}", scores.argmax_axis::<-1>());
}
