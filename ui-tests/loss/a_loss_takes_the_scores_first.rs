// PyTorch: "log_softmax_lastdim_kernel_impl" not implemented for 'Long'.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::ones();
    let labels = Tensor::from([3, 1, 4, 1]);
    println!("{}", CrossEntropyLoss::new().mean(labels, &scores));
}
