// PyTorch reads three axes as one image without a batch: here [8, 28, 28] would be an image of 8 channels.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<8, 16, 3>::new(&mut Rng::seed(0));
    let _ = conv.train(Tensor::<Rank3<8, 28, 28>>::ones());
}
