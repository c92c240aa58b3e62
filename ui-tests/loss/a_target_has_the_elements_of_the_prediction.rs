// PyTorch: "Found dtype Double but expected Float", in the backward pass.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 1>::new(&mut Rng::seed(0));
    let target = Tensor::<Rank2<32, 1>, f64>::ones();
    net.train(Tensor::<Rank2<32, 64>>::ones()).mse_loss(target).backward();
}
