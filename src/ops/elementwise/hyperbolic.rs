//! y = sinh x, cosh x, tanh x, and their inverses.

use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::math::Function;
use crate::ops::support::unary::unary;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// sinh x, element-wise. PyTorch's `sinh`. dL/dx = cosh x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).sinh(), Tensor::from([0.0, f64::INFINITY]));
    /// ```
    fn sinh() by SinhBackward, saving x:
        Function::Sinh,
        FloatZip::SinhGrad;

    /// cosh x, element-wise. PyTorch's `cosh`. dL/dx = sinh x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).cosh(), Tensor::from([1.0, f64::INFINITY]));
    /// ```
    fn cosh() by CoshBackward, saving x:
        Function::Cosh,
        FloatZip::CoshGrad;

    /// tanh x, element-wise. PyTorch's `tanh`. dL/dx = (1 - y²) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).tanh(), Tensor::from([0.0, 1.0]));
    /// ```
    fn tanh() by TanhBackward, saving y:
        Function::Tanh,
        FloatZip::TanhGrad;

    /// The inverse of sinh, element-wise. PyTorch's `asinh`. dL/dx = dL/dy / √(x² + 1).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).asinh(), Tensor::from([0.0, f64::INFINITY]));
    /// ```
    fn asinh() by AsinhBackward, saving x:
        Function::Asinh,
        FloatZip::AsinhGrad;

    /// The inverse of cosh, element-wise; NaN below 1. PyTorch's `acosh`. dL/dx = dL/dy / √(x² - 1).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, f64::INFINITY]).acosh(), Tensor::from([0.0, f64::INFINITY]));
    /// ```
    fn acosh() by AcoshBackward, saving x:
        Function::Acosh,
        FloatZip::AcoshGrad;

    /// The inverse of tanh, element-wise; NaN outside of [-1, 1]. PyTorch's `atanh`. dL/dx = dL/dy / (1
    /// - x²).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, 1.0]).atanh(), Tensor::from([0.0, f64::INFINITY]));
    /// ```
    fn atanh() by AtanhBackward, saving x:
        Function::Atanh,
        FloatZip::AtanhGrad;
}
