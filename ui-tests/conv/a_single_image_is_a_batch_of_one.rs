// PyTorch reads three axes as one image without a batch, and returns three.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 16, 3>::new(&mut Rng::seed(0));
    let image = Tensor::<Rank3<3, 28, 28>>::ones();
    println!("{}", conv.infer(image));
}
