// PyTorch: a warning and another result, while the program runs.
use typegrad::nn::Dropout2d;
use typegrad::prelude::*;

fn main() {
    let net: (Flatten, Dropout2d) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<2, 4, 6, 6>>::ones());
}
