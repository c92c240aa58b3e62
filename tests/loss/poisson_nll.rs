//! The values and gradients of `poisson_nll`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank2<2, 3>, f64>::uniform(0.2, 2.0, rng);
    let t = Tensor::<Rank2<2, 3>, f64>::uniform(1.1, 5.0, rng);
    for loss in
        [PoissonNllLoss::new(), PoissonNllLoss::new().full(true), PoissonNllLoss::new().log_input(false)]
    {
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.mean(x, t)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.sum(x, t).powi(2)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
    }
}
