//! y = a - n b for the integer n nearest to a / b towards 0 (`fmod`) or towards -∞ (`remainder`), and
//! dL/da = dL/dy, dL/db = -n dL/dy; summed over the axes along which an operand was repeated.

use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::ops::support::binary::binary;

binary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// The remainder of a division, with the sign of the dividend. PyTorch's `fmod`, and `%` of Rust's numbers.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([5.5, -5.5]);
    /// assert_eq!(x.fmod(2.0), Tensor::from([1.5, -1.5]));
    /// ```
    fn fmod(other) by FmodBackward:
        |a, b| FloatZip::Fmod.zip_values(a, b),
        |g, _, _| g,
        |g, a, b| FloatZipGrad::Fmod.zip_grad(g, a, b);

    /// The remainder of a division, with the sign of the divisor. PyTorch's `remainder`, and `%` of Python's numbers.
    ///
    /// There is no operator `%` on tensors, because Python and Rust define it differently.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([5.5, -5.5]);
    /// assert_eq!(x.remainder(2.0), Tensor::from([1.5, 0.5]));
    /// ```
    fn remainder(other) by RemainderBackward:
        |a, b| FloatZip::Remainder.zip_values(a, b),
        |g, _, _| g,
        |g, a, b| FloatZipGrad::Remainder.zip_grad(g, a, b);
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::{INF, NAN, check};
    use crate::prelude::*;

    #[test]
    fn corner_cases_are_those_of_pytorch() {
        check(
            |a, b| a.fmod(b),
            [
                [5.5, 2.0, 1.5, 1.0, -2.0],
                [-5.5, 2.0, -1.5, 1.0, 2.0],
                [5.5, -2.0, 1.5, 1.0, 2.0],
                [-5.5, -2.0, -1.5, 1.0, -2.0],
                [6.0, 2.0, 0.0, 1.0, -3.0],
                [-6.0, 3.0, -0.0, 1.0, 2.0],
                [5.0, 0.0, NAN, 1.0, -INF],
                [INF, 2.0, NAN, 1.0, -INF],
                [5.0, INF, 5.0, 1.0, -0.0],
                [NAN, 1.0, NAN, 1.0, NAN],
            ],
        );
        check(
            |a, b| a.remainder(b),
            [
                [5.5, 2.0, 1.5, 1.0, -2.0],
                [-5.5, 2.0, 0.5, 1.0, 3.0],
                [5.5, -2.0, -0.5, 1.0, 3.0],
                [-5.5, -2.0, -1.5, 1.0, -2.0],
                [-6.0, 3.0, -0.0, 1.0, 2.0],
                [5.0, 0.0, NAN, 1.0, -INF],
                [INF, 2.0, NAN, 1.0, NAN],
                [5.0, INF, 5.0, 1.0, -0.0],
                [5.0, -INF, -INF, 1.0, 1.0],
                [-5.0, INF, INF, 1.0, 1.0],
            ],
        );
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let a = Tensor::from([[5.5_f64, -5.5, 7.25], [-0.6, 0.7, 9.5]]);
        let b = Tensor::from([2.0_f64, 3.0, -4.0]);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.fmod(b).powi(2).sum()).unwrap();
        gradcheck((a.clone(), b.clone()), |(a, b)| a.remainder(b).powi(2).sum()).unwrap();
        gradcheck((a, b), |(a, b)| b.remainder(a).powi(2).sum()).unwrap();
    }
}
