// PyTorch: works.
use typegrad::prelude::*;

fn main() {
    let w = Param::<Rank1<3>>::new(Tensor::zeros());
    let x = w.track() * 2.0;
    let y = x.exp();
    (x + y).sum().backward();
}
