//! The values and gradients of `pixel_shuffle`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences_and_one_is_the_inverse_of_the_other() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank4<2, 8, 2, 3>, f64>::randn(rng);
    let w = Tensor::<Rank4<2, 2, 4, 6>, f64>::randn(rng);
    gradcheck((x.clone(), w), |(x, w)| {
        (x.pixel_shuffle::<2>().with_shape::<Rank4<2, 2, 4, 6>>().powi(2) * w).sum()
    })
    .unwrap();
    gradcheck(x.clone(), |x| x.pixel_unshuffle::<1>().powi(2).sum()).unwrap();
    let back = x.clone().pixel_shuffle::<2>().pixel_unshuffle::<2>();
    assert_eq!(back.with_shape::<Rank4<2, 8, 2, 3>>(), x);
}
