// PyTorch: gives a tensor of seven axes.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank6<2, 2, 2, 2, 2, 2>>::ones().unsqueeze::<0>();
}
