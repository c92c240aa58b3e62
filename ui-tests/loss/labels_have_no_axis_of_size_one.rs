// PyTorch: "0D or 1D target tensor expected, multi-target not supported", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank2<32, 1>, i64>::full(3);
    net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
