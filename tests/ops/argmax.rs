//! Positions of the largest elements.

use typegrad::prelude::*;

// Values of PyTorch 2.
#[test]
fn the_first_of_equals_and_the_first_nan_win() {
    let x = Tensor::from([1.0, f64::NAN, 3.0, f64::NAN]);
    assert_eq!((x.argmax().item(), x.argmin().item()), (1, 1));
    let x = Tensor::from([[3, 3, 1], [1, 3, 3]]);
    assert_eq!((x.argmax().item(), x.argmin().item()), (0, 2));
    assert_eq!(x.argmax_axis::<1>(), Tensor::from([0, 1]));
    assert_eq!(x.argmax_axis::<0>(), Tensor::from([0, 0, 1]));
    assert_eq!(x.argmin_axis::<-2>(), Tensor::from([1, 0, 0]));
}
