//! Rounding.

use typegrad::prelude::*;

#[test]
fn rounding_to_more_digits_than_a_number_has_keeps_it() {
    let x = Tensor::from([3e38_f32, -1.5, 0.0, f32::INFINITY, 1e-3]);
    assert_eq!(x.clone().round_with(50), x);
    assert_eq!(x.clone().round_with(2), Tensor::from([3e38, -1.5, 0.0, f32::INFINITY, 0.0]));
    assert_eq!(x.round_with(-50).to_vec()[..3], [0.0; 3]);
    assert!(Tensor::from([f32::NAN]).round_with(1).to_vec()[0].is_nan());
    assert!(Tensor::from([-0.04_f64]).round_with(1).to_vec()[0].is_sign_negative());
}

#[test]
fn the_gradient_is_zero() {
    let x = Param::new(Tensor::from([1.26, -0.5]));
    assert_eq!(x.track().round_with(1).sum().backward(), 1.3 - 0.5);
    assert_eq!(x.grad().unwrap(), Tensor::from([0.0, 0.0]));
}
