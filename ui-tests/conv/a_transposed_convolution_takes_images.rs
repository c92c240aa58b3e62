// PyTorch: "Only 3D (unbatched) or 4D (batched) inputs are supported", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: ConvTranspose2d<4, 4, 3> = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank2<2, 36>>::ones());
}
