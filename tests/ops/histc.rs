//! Histograms.

use typegrad::prelude::*;

#[test]
fn equal_ends_are_those_of_the_elements() {
    assert_eq!(Tensor::from([3.0, 1.0, 2.0]).histc::<2>(0.0, 0.0), Tensor::from([1.0, 2.0]));
    assert_eq!(Tensor::from([3.0, 3.0]).histc::<2>(0.0, 0.0), Tensor::from([0.0, 2.0]));
}

#[test]
#[should_panic(expected = "histc: the range must be finite, from min to max, but it is NaN to NaN")]
fn nan_is_not_an_end() {
    let _ = Tensor::from([1.0, f32::NAN, 2.0]).histc::<2>(0.0, 0.0);
}
