// PyTorch: "kthvalue(): selected number k out of range for dimension 1", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 3>>::ones().kthvalue::<1, 4>();
}
