//! The values and gradients of `interpolate`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank4<2, 2, 3, 4>, f64>::randn(&mut Rng::seed(1));
    gradcheck(x.clone(), |x| x.interpolate::<5, 2, NearestMode>().powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| x.interpolate::<5, 7, BilinearMode>().powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| x.interpolate::<2, 6, BilinearMode<true>>().powi(2).sum()).unwrap();
    gradcheck(x, |x| x.upsample::<3, BilinearMode>().powi(2).sum()).unwrap();
}

#[test]
fn interpolation_reproduces_a_linear_function() {
    // Linear functions are kept where the corners are.
    let x = Tensor::<Rank4<1, 1, 3, 4>, f64>::from_fn(|i| (i / 4 * 10 + i % 4) as f64);
    let y = x.interpolate::<5, 7, BilinearMode<true>>();
    for (i, y) in y.as_slice().iter().enumerate() {
        assert!((y - ((i / 7) as f64 * 5.0 + (i % 7) as f64 * 0.5)).abs() < 1e-12);
    }
}

#[test]
fn interpolation_of_no_elements() {
    assert_eq!(Tensor::<Rank4<2, 1, 0, 3>>::ones().upsample::<2, BilinearMode>().as_slice(), [0.0_f32; 0]);
}
