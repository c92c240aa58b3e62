//! Sums of two tensors.

use typegrad::prelude::*;

#[test]
fn the_gradient_of_a_repeated_operand_is_summed() {
    let a = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    let b = Param::new(Tensor::from([10.0, 20.0]));
    let y = a.track() + &b;
    assert_eq!(y, Tensor::from([[11.0, 22.0], [13.0, 24.0]]));
    y.sum().backward();
    assert_eq!(a.grad().unwrap(), Tensor::ones());
    assert_eq!(b.grad().unwrap(), Tensor::from([2.0, 2.0]));
}
