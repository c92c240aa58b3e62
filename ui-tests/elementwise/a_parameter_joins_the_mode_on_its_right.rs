// PyTorch: a tensor from `eval` is combined with one from `train`, silently.
use typegrad::graph::{Infer, Train};
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    let x = Tensor::<Rank1<3>>::ones();
    let _ = &w * x.clone().within::<Train>() + x.within::<Infer>();
}
