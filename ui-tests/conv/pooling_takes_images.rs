// PyTorch: "Expected 3D or 4D (batch mode) tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Flatten, MaxPool2d<2>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<8, 16, 4, 4>>::ones());
}
