// PyTorch: "Kernel size can't be greater than actual input size", while the program runs.
use typegrad::prelude::*;

typegrad::check!(Conv2d<3, 16, 7, 1, 1>, Rank4<8, 3, 4, 28>);

fn main() {
    let conv = Conv2d::<3, 16, 7, 1, 1>::new(&mut Rng::seed(0));
    let _ = conv.infer(Tensor::<Rank4<8, 3, 4, 28>>::ones());
}
