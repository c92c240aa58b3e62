//! Masks with a true element.

use typegrad::prelude::*;

// Values of PyTorch 2.
#[test]
fn nan_is_not_zero_and_minus_zero_is() {
    assert!(Tensor::from([f32::NAN]).any().item());
    assert_eq!(Tensor::from([[0, 2], [0, 3]]).any_axis::<0>(), Tensor::from([false, true]));
}

#[test]
fn any_of_no_elements_is_false() {
    let x = Tensor::<Rank2<2, 0>>::ones();
    assert_eq!(x.any_axis::<1>(), Tensor::from([false, false]));
    assert!(!x.any().item());
}
