// PyTorch: "element 0 of tensors does not require grad and does not have a grad_fn", while the program runs.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
    loss.detach().backward();
    adam.step(&mut net);
}
