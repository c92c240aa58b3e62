// PyTorch: "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", while the program runs: W is [out, in].
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.linear(Tensor::<Rank2<5, 4>>::ones());
}
