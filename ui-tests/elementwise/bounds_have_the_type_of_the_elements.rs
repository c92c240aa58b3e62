// PyTorch takes 1 as a bound of floats; Rust's literals have a type, and 1 is not 1.0.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.clamp(-1.0, 1);
}
