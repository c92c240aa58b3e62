// PyTorch: works; the elements are converted to 16 bits.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 3>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<8, 4>>::ones().half();
    net.train(x).sum().backward();
}
