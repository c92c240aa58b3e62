// PyTorch's parameters are tensors.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let x = Param::new(Tensor::<Rank2<8, 4>>::ones());
    net.train(&x).mean().backward();
}
