// PyTorch: `loss.detach().item()` works, after `backward` too.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<3, 1>::new(&mut Rng::seed(0));
    let loss = net.train(Tensor::<Rank2<2, 3>>::ones()).mean();
    let loss = loss.backward();
    println!("{}", loss.detach().item());
}
