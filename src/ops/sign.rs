//! y = |x|.

use super::unary::unary;
use crate::element::Numeric;

unary! { Float:
    /// |x| element by element. PyTorch's `abs`. dL/dx = sign(x) dL/dy, which is 0 at 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -2.0]).abs(), Tensor::from([3.0, 2.0]));
    /// ```
    fn abs() by AbsBackward, saving x:
        |x| x.abs(),
        |g, x| g * sign(x);
}

/// -1, 0 or 1; 0 for NaN.
fn sign<E: Numeric>(x: E) -> E {
    if x > E::zero() {
        E::one()
    } else if x < E::zero() {
        E::zero() - E::one()
    } else {
        E::zero()
    }
}
