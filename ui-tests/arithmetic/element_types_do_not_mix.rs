// PyTorch promotes float32 to float64, which is slow and rarely meant.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>, f32>::ones();
    let y = Tensor::<Rank1<3>, f64>::ones();
    let _ = x - y;
}
