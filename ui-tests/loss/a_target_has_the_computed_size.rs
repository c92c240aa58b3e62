// PyTorch: "The size of tensor a (7) must match the size of tensor b (9) at non-singleton dimension 0", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<9>>::ones();
    let _ = x.clone().slice::<0, 0, 7>().mse_loss(&x);
}
