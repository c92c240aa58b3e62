// PyTorch: "expected 3D or 4D input (got 2D input)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Flatten, InstanceNorm2d<4>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<2, 4, 3, 3>>::ones());
}
