//! Numbers as operands.

use typegrad::prelude::*;

#[test]
fn scalars_are_compared_with_numbers() {
    let w = Param::new(Tensor::from([1.0_f32, 2.0]));
    let loss = w.track().sum();
    assert!(loss > 2.0 && loss <= 3.0 && loss == 3.0 && loss != 2.0);
    let nan = Tensor::from(f64::NAN);
    let number = nan.item();
    assert!(nan != number && !(nan < 0.0) && !(nan >= 0.0));
    assert!(Tensor::from([1, 2, 3]).sum() == 6);
}
