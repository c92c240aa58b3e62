// Cloning a tracked tensor would count its gradient twice or lose it; PyTorch has no such step.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank2<2, 3>>::ones());
    let x = w.track();
    let _ = x.clone().relu() + x;
}
