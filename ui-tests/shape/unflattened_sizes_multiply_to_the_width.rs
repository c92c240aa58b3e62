// PyTorch: "unflatten: Provided sizes [3, 4, 4] don't multiply up to the size of dim 1 (50)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<2, 50>, Unflatten<Rank3<3, 4, 4>>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank2<8, 2>>::ones());
}
