// PyTorch promotes the number; Rust's literals have a type, and 2 is not 2.0.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x * 2;
}
