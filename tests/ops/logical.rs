//! Masks.

use typegrad::prelude::*;

#[test]
fn nan_is_true_and_both_zeros_are_false() {
    let x = Tensor::from([0.0, 1.0, f64::NAN, -0.0]);
    assert_eq!(x.logical_and(Tensor::from([1.0, 2.0, 3.0, 4.0])), Tensor::from([false, true, true, false]));
    assert_eq!(x.logical_xor(Tensor::from([1.0, 2.0, 0.0, 0.0])), Tensor::from([true, false, true, false]));
    assert_eq!(x.logical_not(), Tensor::from([true, false, false, true]));
}

#[test]
fn masks_of_other_shapes_meet() {
    let rows = Tensor::from([[true], [false]]);
    let columns = Tensor::from([true, false]);
    let all = Tensor::from([[true, true], [true, false]]);
    assert_eq!(&all & &columns, Tensor::from([[true, false], [true, false]]));
    assert_eq!(&columns | &all, Tensor::from([[true, true], [true, false]]));
    assert_eq!(all ^ rows.expand(), Tensor::from([[false, false], [true, false]]));
    assert_eq!(!&columns, Tensor::from([false, true]));
}
