// PyTorch: "expected padding to be a single integer value or a list of 2 values", while the program runs.
use typegrad::prelude::*;

fn main() {
    let conv = RectConv2d::<3, 16, Rank2<1, 7>, Rank2<0, 3>>::new(&mut Rng::seed(0));
    let _ = conv.infer(Tensor::<Rank4<8, 3, 28, 28>>::ones());
}
