// PyTorch: silent, and the loss is not a divergence.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let teacher = Tensor::<Rank2<32, 10>>::full(0.1);
    let student = net.train(Tensor::<Rank2<32, 64>>::ones()).softmax::<-1>();
    KlDivLoss::new().batchmean(student, teacher).backward();
}
