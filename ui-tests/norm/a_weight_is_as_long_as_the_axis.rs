// PyTorch: "Expected weight to be of same shape as normalized_shape", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.layer_norm(Tensor::<Rank1<2>>::ones(), (), 1e-5);
}
