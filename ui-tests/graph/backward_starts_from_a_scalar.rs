// PyTorch: "grad can be implicitly created only for scalar outputs", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Param::new(Tensor::<Rank1<5>>::ones());
    x.track().powi(2).backward();
}
