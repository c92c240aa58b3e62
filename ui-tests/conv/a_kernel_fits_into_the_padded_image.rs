// PyTorch: "Kernel size can't be greater than actual input size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 16, 7, 1, 1>::new(&mut Rng::seed(0));
    let _ = conv.infer(Tensor::<Rank4<8, 3, 4, 28>>::ones());
}
