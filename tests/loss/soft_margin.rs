//! The values and gradients of `soft_margin`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank1<4>, f64>::randn(&mut Rng::seed(1));
    let labels = Tensor::from([1, -1, -1, 1]);
    gradcheck(x.clone(), |x| x.soft_margin_loss(&labels)).unwrap();
    gradcheck(x.clone(), |x| SoftMarginLoss::new().sum(x, &labels).powi(2)).unwrap();
    gradcheck(x, |x| SoftMarginLoss::new().none(x, &labels).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "soft_margin_loss: the label of row 1 is 0, not 1 or -1")]
fn labels_are_signs() {
    let _ = Tensor::<Rank1<2>>::zeros().soft_margin_loss(&Tensor::from([1, 0]));
}

#[test]
fn a_large_loss_is_finite() {
    let x = Param::new(Tensor::from([-1000.0]));
    assert_eq!(x.track().soft_margin_loss(&Tensor::from([1])).backward(), 1000.0);
    assert_eq!(x.grad().unwrap(), Tensor::from([-1.0]));
}
