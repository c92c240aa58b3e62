// PyTorch: "normal_kernel_cpu" not implemented for 'Long', while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<5>, i64>::randn(&mut Rng::seed(0));
}
