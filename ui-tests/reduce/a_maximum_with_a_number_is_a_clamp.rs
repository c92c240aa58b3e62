// PyTorch has `torch.clamp(x, min=0.0)`, and Rust's floats have `x.max(0.0)`.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<4, 3>>::ones();
    println!("{}", x.max(0.0));
}
