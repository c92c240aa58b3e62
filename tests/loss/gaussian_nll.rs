//! The values and gradients of `gaussian_nll`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let t = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let v = Tensor::<Rank2<2, 3>, f64>::uniform(0.5, 2.0, rng);
    let loss = GaussianNllLoss::new().full(true);
    gradcheck((x.clone(), t.clone(), v.clone()), |(x, t, v)| x.gaussian_nll_loss(t, v)).unwrap();
    gradcheck((x, t, v), |(x, t, v)| loss.none(x, t, v).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "the variance must not be negative, but element 1 is -1")]
fn a_variance_is_not_negative() {
    let x = Tensor::from([0.0, 0.0]);
    let _ = x.clone().gaussian_nll_loss(x, Tensor::from([1.0, -1.0]));
}
