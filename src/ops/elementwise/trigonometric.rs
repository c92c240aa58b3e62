//! y = sin x, cos x, tan x, and their inverses.

use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::math::Function;
use crate::ops::support::unary::unary;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// sin x, element-wise, in radians. PyTorch's `sin`. dL/dx = cos x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -0.0]).sin(), Tensor::from([0.0, -0.0]));
    /// ```
    fn sin() by SinBackward, saving x:
        Function::Sin,
        FloatZip::SinGrad;

    /// cos x, element-wise, in radians. PyTorch's `cos`. dL/dx = -sin x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0]).cos(), Tensor::from([1.0]));
    /// ```
    fn cos() by CosBackward, saving x:
        Function::Cos,
        FloatZip::CosGrad;

    /// tan x, element-wise, in radians. PyTorch's `tan`. dL/dx = (1 + y²) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0]).tan(), Tensor::from([0.0]));
    /// ```
    fn tan() by TanBackward, saving y:
        Function::Tan,
        FloatZip::TanGrad;

    /// The inverse of the sine, element-wise, from -π/2 to π/2; NaN outside of [-1, 1]. PyTorch's
    /// `asin`. dL/dx = dL/dy / √(1 - x²).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// use std::f64::consts::FRAC_PI_2;
    /// assert_eq!(Tensor::from([0.0, 1.0]).asin(), Tensor::from([0.0, FRAC_PI_2]));
    /// ```
    fn asin() by AsinBackward, saving x:
        Function::Asin,
        FloatZip::AsinGrad;

    /// The inverse of the cosine, element-wise, from 0 to π; NaN outside of [-1, 1]. PyTorch's `acos`.
    /// dL/dx = -dL/dy / √(1 - x²).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// use std::f64::consts::PI;
    /// assert_eq!(Tensor::from([1.0, -1.0]).acos(), Tensor::from([0.0, PI]));
    /// ```
    fn acos() by AcosBackward, saving x:
        Function::Acos,
        FloatZip::AcosGrad;

    /// The inverse of the tangent, element-wise, from -π/2 to π/2. PyTorch's `atan`.
    /// dL/dx = dL/dy / (1 + x²).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// use std::f64::consts::FRAC_PI_2;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).atan(), Tensor::from([0.0, FRAC_PI_2]));
    /// ```
    fn atan() by AtanBackward, saving x:
        Function::Atan,
        FloatZip::AtanGrad;
}
