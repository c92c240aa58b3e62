//! The values and gradients of `bce`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    let loss = BceLoss::new();
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.mean(x, t)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.sum(x, t).powi(2)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
}

#[test]
fn weights_repeat_along_the_leading_axes() {
    let rng = &mut Rng::seed(4);
    let x = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    let loss = BceLoss::new().weight(Tensor::from([1.0, 0.5, 2.0]));
    gradcheck((x, t), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "element 1 of the input is 1.5, but all are between 0 and 1")]
fn a_score_outside_of_0_to_1_panics() {
    let _ = Tensor::from([0.0, 1.5]).binary_cross_entropy(Tensor::zeros());
}
