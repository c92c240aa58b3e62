// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: Glu<2> = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank2<4, 6>>::ones());
}
