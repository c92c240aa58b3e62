//! The values and gradients of `kl_div`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    for loss in [KlDivLoss::new(), KlDivLoss::new().log_target(true)] {
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.mean(x, t)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.sum(x, t).powi(2)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
    }
}

#[test]
fn the_mean_over_the_batch_is_the_divergence() {
    let rng = &mut Rng::seed(5);
    let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
    gradcheck((x, t), |(x, t)| KlDivLoss::new().batchmean(x, t)).unwrap();
}
