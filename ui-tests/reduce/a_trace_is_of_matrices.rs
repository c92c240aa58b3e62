// PyTorch: "trace: expected a matrix, but got tensor with dim 1", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<2>>::ones().trace();
}
