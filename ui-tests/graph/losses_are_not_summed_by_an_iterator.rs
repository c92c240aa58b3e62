// PyTorch's `sum(losses)` adds tensors.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let losses = (0..4).map(|_| net.train(Tensor::<Rank2<8, 4>>::ones()).mean());
    let total: Tensor<Rank0> = losses.sum();
    println!("{total}");
}
