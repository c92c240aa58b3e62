// PyTorch: works.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let scores = net.train(Tensor::<Rank2<32, 64>>::ones());
    scores.cross_entropy(&labels).backward();
    println!("{}", scores.argmax_axis::<-1>().accuracy(&labels));
}
