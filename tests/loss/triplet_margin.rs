//! The values and gradients of `triplet_margin`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let mut draw = || Tensor::<Rank2<4, 3>, f64>::randn(rng);
    let all = (draw(), draw(), draw());
    let loss = TripletMarginLoss::new().margin(3.0);
    for loss in [loss, loss.p(1.0), loss.p(3.5), loss.p(f64::INFINITY), loss.swap(true)] {
        gradcheck(all.clone(), |(a, p, n)| loss.mean(a, p, n)).unwrap();
        gradcheck(all.clone(), |(a, p, n)| loss.none(a, p, n).powi(2).sum()).unwrap();
    }
    gradcheck(all, |(a, p, n)| a.triplet_margin_loss(p, n)).unwrap();
}
