// PyTorch: "Expected 4D (unbatched) or 5D (batched) input to conv3d", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Relu, Conv3d<4, 4, 3>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<2, 4, 6, 6>>::ones());
}
