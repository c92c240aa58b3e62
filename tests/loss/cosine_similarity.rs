//! The values and gradients of `cosine_similarity`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences_for_each_axis() {
    let rng = &mut Rng::seed(1);
    let (a, b) = (Tensor::<Rank2<4, 3>, f64>::randn(rng), Tensor::<Rank2<4, 3>, f64>::randn(rng));
    gradcheck((a.clone(), b.clone()), |(a, b)| a.cosine_similarity::<0, _>(b).powi(2).sum()).unwrap();
    gradcheck((a, b), |(a, b)| a.cosine_similarity::<1, _>(b).powi(2).sum()).unwrap();
}
