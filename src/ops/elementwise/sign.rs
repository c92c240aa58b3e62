//! y = |x| and its derivative, y = sign x.

use crate::kernel::elementwise::number::{NumberMap, NumberZip};
use crate::ops::support::unary::unary;

unary! { Numeric, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// |x|, element-wise. PyTorch's `abs`. dL/dx = sign(x) dL/dy, which is 0 at 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -2.0]).abs(), Tensor::from([3.0, 2.0]));
    /// assert_eq!(Tensor::from([-3]).abs(), Tensor::from([3]));
    /// ```
    fn abs() by AbsBackward, saving x:
        NumberMap::Abs,
        NumberZip::AbsGrad;

    /// -1, 0 or 1, element-wise. PyTorch's `sign`. The gradient is 0 everywhere.
    ///
    /// The sign of -0.0 and that of NaN are 0, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -2.0, f64::NAN]).sign(), Tensor::from([1.0, -1.0, 0.0]));
    /// ```
    fn sign() by SignBackward, saving nothing:
        NumberMap::Sign,
        NumberMap::Zero;
}
