//! The values and gradients of `multi_margin`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank2<4, 3>, f64>::randn(&mut Rng::seed(1));
    let labels = Tensor::from([0, 2, 2, 1]);
    let loss = MultiMarginLoss::new().weight(Tensor::from([1.0, 0.5, 2.0])).p(2).margin(0.7);
    gradcheck(x.clone(), |x| x.multi_margin_loss(&labels)).unwrap();
    gradcheck(x.clone(), |x| loss.mean(x, &labels).powi(2)).unwrap();
    gradcheck(x, |x| loss.none(x, &labels).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "the label of row 0 is -100, but there are 3 classes, 0..3")]
fn no_label_is_ignored() {
    let _ = Tensor::<Rank2<2, 3>>::zeros().multi_margin_loss(&Tensor::from([-100, 0]));
}
