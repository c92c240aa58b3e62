// PyTorch: works.
use typegrad::prelude::*;

fn main() {
    let w = Param::<Rank2<4, 3>>::new(Tensor::zeros());
    let x = w.track().exp();
    let means = x.mean_keepdim::<1>();
    (x - means.expand()).powi(2).sum().backward();
}
