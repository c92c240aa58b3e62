// PyTorch: "eye(): argument 'n' must be int, not tuple", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank3<2, 2, 2>>::eye();
}
