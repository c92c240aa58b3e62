//! The values and gradients of `l1`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let t = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let loss = L1Loss;
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.mean(x, t)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.sum(x, t).powi(2)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
}
