//! Operations that reuse memory.

use typegrad::prelude::*;

#[test]
fn assignment_operators_do_not_change_clones() {
    let mut x = Tensor::from([[1.0_f32, 2.0], [3.0, 4.0]]);
    let before = x.clone();
    x += Tensor::from([10.0, 20.0]);
    x *= 2.0;
    x -= &Tensor::from([2.0, 4.0]);
    x /= Tensor::from([[2.0, 4.0], [8.0, 16.0]]);
    assert_eq!(x, Tensor::from([[10.0, 10.0], [3.0, 2.75]]));
    assert_eq!(before, Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    let mut n = Tensor::from([7_i64, 8]);
    n -= Tensor::from([1, 2]);
    n += 1;
    assert_eq!(n, Tensor::from([7, 7]));
}

#[test]
fn a_parameter_is_updated_by_hand() {
    let mut w = Param::new(Tensor::from([1.0_f64, 2.0, 3.0]));
    w.track().powi(2).sum().backward();
    w -= w.grad().unwrap() * 0.25;
    assert_eq!(*w.value(), Tensor::from([0.5, 1.0, 1.5]));
    w *= Tensor::from([2.0, 0.0, 1.0]);
    w += 1.0;
    assert_eq!(*w.value(), Tensor::from([2.0, 1.0, 2.5]));
    assert_eq!(w.grad().unwrap(), Tensor::from([2.0, 4.0, 6.0]));
}
