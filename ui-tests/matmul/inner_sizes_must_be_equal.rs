// PyTorch: "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<4, 5>>::ones();
    let _ = a.matmul(b);
}
