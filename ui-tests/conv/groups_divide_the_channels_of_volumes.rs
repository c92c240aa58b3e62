// PyTorch: "in_channels must be divisible by groups", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let conv = RectConv3d::<3, 16, Window<1>, Window<3>, Window<3>, 2>::new(&mut Rng::seed(0));
    let _ = conv.infer(Tensor::<Rank5<2, 3, 4, 8, 8>>::ones());
}
