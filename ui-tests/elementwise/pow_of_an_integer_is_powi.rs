// PyTorch takes both; here an integer exponent is `powi(2)`, which is exact.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.pow(2);
}
