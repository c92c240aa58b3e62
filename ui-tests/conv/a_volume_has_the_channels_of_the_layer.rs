// PyTorch: "expected input[2, 1, 4, 8, 8] to have 3 channels, but got 1 channels instead", while the program runs.
use typegrad::prelude::*;

fn main() {
    let conv = RectConv3d::<3, 16, Window<1>, Window<3, 1, 1>, Window<3, 1, 1>>::new(&mut Rng::seed(0));
    let _ = conv.train(Tensor::<Rank5<2, 1, 4, 8, 8>>::ones());
}
