// PyTorch of `cross_entropy(labels, scores)`: "log_softmax_lastdim_kernel_impl" not implemented for 'Long'.

use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 3>::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<8>, i64>::zeros();
    let scores = net.train(Tensor::<Rank2<8, 4>>::ones());
    labels.cross_entropy(&scores).backward();
}
