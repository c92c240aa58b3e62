// PyTorch: "Expected weight to be a vector of size equal to the number of channels in input", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: GroupNorm<2, 4> = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank3<2, 5, 3>>::ones());
}
