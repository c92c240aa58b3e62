// A batch normalization has a mean for each channel. PyTorch finds out when it runs: "running_mean should contain 3
// elements not 16".
use typegrad::prelude::*;

fn main() {
    let norm = BatchNorm2d::<16>::new(&mut Rng::seed(0));
    norm.infer(Tensor::<Rank4<2, 3, 8, 8>>::ones());
}
