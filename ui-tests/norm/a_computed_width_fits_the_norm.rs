// A width that was computed is compared with that of the normalization, too. PyTorch finds out when it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let norm = RmsNorm::<8>::new(&mut Rng::seed(0));
    let x = (Tensor::<Rank2<4, 3>>::ones(), Tensor::<Rank2<4, 6>>::ones()).cat::<1>();
    let _ = norm.infer(x);
}
