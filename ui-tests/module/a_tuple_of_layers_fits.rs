// PyTorch's Sequential finds this while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<64, 32>, Relu, Linear<31, 10>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank2<8, 64>>::ones());
}
