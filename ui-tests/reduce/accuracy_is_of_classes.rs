// torchmetrics: `accuracy(scores, labels)` works.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<8, 3>::new(&mut Rng::seed(0));
    let scores = net.infer(Tensor::<Rank2<4, 8>>::ones());
    println!("{}", scores.accuracy(&Tensor::from([0, 1, 2, 0])));
}
