//! y = ln(eᵃ + eᵇ), or with powers of 2, and dL/da = dL/dy eᵃ / (eᵃ + eᵇ), dL/db likewise; summed over the axes along which
//! an operand was repeated.

use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::ops::support::binary::binary;

binary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// ln(eᵃ + eᵇ) element-wise, without overflow. PyTorch's `logaddexp`.
    ///
    /// In: `S`, and a tensor that fits it element-wise or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([1e9, 0.0]).logaddexp(Tensor::from([1e9, f64::NEG_INFINITY]));
    /// assert_eq!(y, Tensor::from([1e9 + 2f64.ln(), 0.0]));
    /// ```
    fn logaddexp(other) by LogAddExpBackward:
        |a, b| FloatZip::LogAddExp.zip_values(a, b),
        |g, a, b| FloatZipGrad::LogAddExp.zip_grad(g, a, b),
        |g, a, b| FloatZipGrad::LogAddExp.zip_grad(g, b, a);

    /// log₂(2ᵃ + 2ᵇ) element-wise, without overflow. PyTorch's `logaddexp2`.
    ///
    /// In: `S`, and a tensor that fits it element-wise or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0]).logaddexp2(Tensor::from([3.0])), Tensor::from([4.0]));
    /// ```
    fn logaddexp2(other) by LogAddExp2Backward:
        |a, b| FloatZip::LogAddExp2.zip_values(a, b),
        |g, a, b| FloatZipGrad::LogAddExp2.zip_grad(g, a, b),
        |g, a, b| FloatZipGrad::LogAddExp2.zip_grad(g, b, a);
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.logaddexp(b).powi(2).sum()).unwrap();
        gradcheck((a, b), |(a, b)| b.logaddexp2(a).powi(2).sum()).unwrap();
    }
}
