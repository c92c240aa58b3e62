//! The values and gradients of `nll`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank2<4, 3>, f64>::randn(&mut Rng::seed(1));
    let labels = Tensor::from([0, 2, -100, 1]);
    let loss = NllLoss::new().weight(Tensor::from([1.0, 0.5, 2.0]));
    gradcheck(x.clone(), |x| x.nll_loss(&labels)).unwrap();
    gradcheck(x.clone(), |x| loss.mean(x, &labels).powi(2)).unwrap();
    gradcheck(x, |x| loss.none(x, &labels).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "nll_loss: the label of row 1 is 3, but there are 3 classes, 0..3")]
fn a_label_that_is_too_large_panics() {
    let _ = Tensor::<Rank2<2, 3>>::zeros().nll_loss(&Tensor::from([0, 3]));
}
