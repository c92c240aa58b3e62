// PyTorch: "flatten() has invalid args: start_dim cannot come after end_dim", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<2, 3, 4>>::ones();
    let _ = x.flatten_axes::<2, 0>();
}
