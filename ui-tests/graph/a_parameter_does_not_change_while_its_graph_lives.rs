// PyTorch: "modified by an inplace operation", while the program runs, or through `.data` a wrong gradient.
use typegrad::prelude::*;

fn main() {
    let mut x = Param::new(Tensor::<Rank1<5>>::ones());
    let loss = x.track().powi(2).sum();
    x.as_mut_slice()[0] = 7.0;
    loss.backward();
}
