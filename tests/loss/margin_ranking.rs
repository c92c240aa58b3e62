//! The values and gradients of `margin_ranking`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let (a, b) = (Tensor::<Rank1<4>, f64>::randn(rng), Tensor::<Rank1<4>, f64>::randn(rng));
    let labels = Tensor::from([1, -1, -1, 1]);
    let loss = MarginRankingLoss::new().margin(0.5);
    gradcheck((a.clone(), b.clone()), |(a, b)| a.margin_ranking_loss(b, &labels)).unwrap();
    gradcheck((a.clone(), b.clone()), |(a, b)| loss.sum(a, b, &labels).powi(2)).unwrap();
    gradcheck((a, b), |(a, b)| loss.none(a, b, &labels).powi(2).sum()).unwrap();
}
