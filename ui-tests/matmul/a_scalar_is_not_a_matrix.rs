// PyTorch: "both arguments to matmul need to be at least 1D, but they are 0D and 2D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank0>::ones();
    let b = Tensor::<Rank2<4, 5>>::ones();
    let _ = a.matmul(&b);
}
