// PyTorch promotes float32 to float64, silently.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>, f32>::ones();
    let b = Tensor::<Rank1<2>, f64>::ones();
    let _ = a + b;
}
