// PyTorch takes references only; with the labels first: "log_softmax_lastdim_kernel_impl" not implemented for 'Long'.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<8, 10>::new(&mut Rng::seed(0));
    let labels = Tensor::from([3, 1, 4, 1]);
    let scores = net.train(Tensor::<Rank2<4, 8>>::ones());
    println!("{}", CrossEntropyLoss::new().mean(&labels, scores).backward());
}
