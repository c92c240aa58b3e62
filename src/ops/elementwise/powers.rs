//! y = √x, y = 1/√x, y = x², y = 1/x.

use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::ops::support::unary::unary;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// √x, element-wise. PyTorch's `sqrt`. dL/dx = dL/dy / 2y.
    ///
    /// The root of a negative number is NaN, and the gradient at 0 is infinite.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, 0.25]).sqrt(), Tensor::from([2.0, 0.5]));
    /// ```
    fn sqrt() by SqrtBackward, saving y:
        FloatMap::Sqrt,
        FloatZip::SqrtGrad;

    /// 1/√x, element-wise. PyTorch's `rsqrt`. dL/dx = -y³/2 dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, 0.25]).rsqrt(), Tensor::from([0.5, 2.0]));
    /// ```
    fn rsqrt() by RsqrtBackward, saving y:
        FloatMap::Rsqrt,
        FloatZip::RsqrtGrad;

    /// x², element-wise. PyTorch's `square`. dL/dx = 2x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -0.5]).square(), Tensor::from([9.0, 0.25]));
    /// ```
    fn square() by SquareBackward, saving x:
        FloatMap::Square,
        FloatZip::SquareGrad;

    /// 1/x, element-wise. PyTorch's `reciprocal`. dL/dx = -y² dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, -0.5]).reciprocal(), Tensor::from([0.25, -2.0]));
    /// ```
    fn reciprocal() by ReciprocalBackward, saving y:
        FloatMap::Reciprocal,
        FloatZip::ReciprocalGrad;
}
