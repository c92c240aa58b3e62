// PyTorch: "output padding must be smaller than either stride or dilation", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let up = ConvTranspose2d::<3, 16, 3, 2, 1, 2>::new(&mut Rng::seed(0));
    let _ = up.infer(Tensor::<Rank4<8, 3, 28, 28>>::ones());
}
