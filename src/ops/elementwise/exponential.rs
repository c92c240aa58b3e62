//! y = eˣ and its inverse, y = ln x, in the bases e, 2 and 10; and both near 0, y = eˣ - 1 and y = ln(1 + x).

use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::math::Function;
use crate::ops::support::unary::unary;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// eˣ, element-wise. PyTorch's `exp`. dL/dx = y dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::NEG_INFINITY]).exp(), Tensor::from([1.0, 0.0]));
    /// ```
    fn exp() by ExpBackward, saving y:
        Function::Exp,
        NumberZip::Mul;

    /// 2ˣ, element-wise. PyTorch's `exp2`. dL/dx = y ln 2 dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -1.0]).exp2(), Tensor::from([8.0, 0.5]));
    /// ```
    fn exp2() by Exp2Backward, saving y:
        Function::Exp2,
        FloatZip::Exp2Grad;

    /// eˣ - 1, element-wise, exact also near 0. PyTorch's `expm1`. dL/dx = (y + 1) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1e-300, f64::NEG_INFINITY]).expm1(), Tensor::from([1e-300, -1.0]));
    /// ```
    fn expm1() by Expm1Backward, saving y:
        Function::Expm1,
        FloatZip::Expm1Grad;

    /// The natural logarithm, element-wise. PyTorch's `log`. dL/dx = dL/dy / x.
    ///
    /// The logarithm of 0 is -∞ and that of a negative number is NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 0.0]).ln(), Tensor::from([0.0, f64::NEG_INFINITY]));
    /// ```
    #[doc(alias = "log")]
    fn ln() by LnBackward, saving x:
        Function::Ln,
        FloatZip::Div;

    /// The logarithm to base 2, element-wise. PyTorch's `log2`. dL/dx = dL/dy / (x ln 2).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([8.0, 0.5]).log2(), Tensor::from([3.0, -1.0]));
    /// ```
    fn log2() by Log2Backward, saving x:
        Function::Log2,
        FloatZip::Log2Grad;

    /// The logarithm to base 10, element-wise. PyTorch's `log10`. dL/dx = dL/dy / (x ln 10).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 100.0]).log10(), Tensor::from([0.0, 2.0]));
    /// ```
    fn log10() by Log10Backward, saving x:
        Function::Log10,
        FloatZip::Log10Grad;

    /// ln(1 + x), element-wise, exact also near 0. PyTorch's `log1p`. dL/dx = dL/dy / (1 + x).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1e-300, -1.0]).log1p(), Tensor::from([1e-300, f64::NEG_INFINITY]));
    /// ```
    fn log1p() by Log1pBackward, saving x:
        Function::Log1p,
        FloatZip::Log1pGrad;
}
