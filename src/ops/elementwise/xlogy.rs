//! y = a ln b, and 0 where a is 0; dL/da = ln b dL/dy, dL/db = a / b dL/dy; summed over the axes along which an operand was
//! repeated.

use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::ops::support::binary::binary;

binary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// a ln b element-wise, and 0 where a is 0 unless b is NaN. PyTorch's `xlogy`.
    ///
    /// In: `S`, and a tensor that fits it element-wise or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, 3.0]).xlogy(Tensor::from([0.0, 1.0])), Tensor::from([0.0, 0.0]));
    /// ```
    fn xlogy(other) by XlogyBackward:
        |a, b| FloatZip::Xlogy.zip_values(a, b),
        |g, a, b| FloatZipGrad::XlogyFactor.zip_grad(g, a, b),
        |g, a, b| FloatZipGrad::XlogyOther.zip_grad(g, a, b);
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::uniform(0.5, 2.0, rng);
        gradcheck((a, b), |(a, b)| a.xlogy(b).powi(2).sum()).unwrap();
    }
}
