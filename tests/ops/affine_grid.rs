//! The values and gradients of `affine_grid`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let theta = Tensor::<Rank3<2, 2, 3>, f64>::randn(&mut Rng::seed(1));
    gradcheck(theta.clone(), |x| x.affine_grid::<3, 4>(false).powi(2).sum()).unwrap();
    gradcheck(theta.clone(), |x| x.affine_grid::<1, 4>(true).powi(3).sum()).unwrap();
    assert!(theta.affine_grid::<0, 4>(true).to_vec().is_empty());
}
