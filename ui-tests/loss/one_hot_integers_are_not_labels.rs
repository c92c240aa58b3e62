// PyTorch: "Expected floating point type for target with class probabilities, got Long", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let labels = labels.one_hot::<10>();
    net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
