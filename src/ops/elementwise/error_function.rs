//! y = erf x = 2/√π ∫ exp(-t²) dt from 0 to x, and y = erfc x = 1 - erf x.

use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::math::Function;
use crate::ops::support::unary::unary;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// The error function, element-wise. PyTorch's `erf`. dL/dx = 2/√π exp(-x²) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).erf(), Tensor::from([0.0, 1.0]));
    /// ```
    fn erf() by ErfBackward, saving x:
        Function::Erf,
        FloatZip::ErfGrad;

    /// 1 - erf x, element-wise, exact also where erf x is almost 1. PyTorch's `erfc`.
    /// dL/dx = -2/√π exp(-x²) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).erfc(), Tensor::from([1.0, 0.0]));
    /// ```
    fn erfc() by ErfcBackward, saving x:
        Function::Erfc,
        FloatZip::ErfcGrad;
}
