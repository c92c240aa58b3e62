//! y = the larger or the smaller of a and b. The gradient goes to the one that was taken, and half to each where they
//! are equal; summed over the axes along which an operand was repeated.

use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::kernel::elementwise::number::{NumberZip, NumberZipGrad};
use crate::ops::support::binary::binary;

binary! { Numeric, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// The larger of two, element-wise. PyTorch's `maximum`; NaN wins.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// If both are equal, each receives half of the gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 5.0]).maximum(Tensor::from([3.0, 2.0]));
    /// assert_eq!(x, Tensor::from([3.0, 5.0]));
    /// ```
    fn maximum(other) by MaximumBackward:
        |a, b| NumberZip::Maximum.zip_values(a, b),
        |g, a, b| NumberZipGrad::Maximum.zip_grad(g, a, b),
        |g, a, b| NumberZipGrad::Maximum.zip_grad(g, b, a);

    /// The smaller of two, element-wise. PyTorch's `minimum`; NaN wins.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// If both are equal, each receives half of the gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 5.0]).minimum(Tensor::from([3.0, 2.0]));
    /// assert_eq!(x, Tensor::from([1.0, 2.0]));
    /// ```
    fn minimum(other) by MinimumBackward:
        |a, b| NumberZip::Minimum.zip_values(a, b),
        |g, a, b| NumberZipGrad::Minimum.zip_grad(g, a, b),
        |g, a, b| NumberZipGrad::Minimum.zip_grad(g, b, a);
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::{NAN, check};
    use crate::prelude::*;

    #[test]
    fn corner_cases_are_those_of_pytorch() {
        check(
            |a, b| a.maximum(b),
            [
                [1.0, 2.0, 2.0, 0.0, 1.0],
                [2.0, 2.0, 2.0, 0.5, 0.5],
                [3.0, 1.0, 3.0, 1.0, 0.0],
                [NAN, 1.0, NAN, 1.0, 1.0],
                [1.0, NAN, NAN, 1.0, 1.0],
                [0.0, -0.0, 0.0, 0.5, 0.5],
                [-0.0, 0.0, -0.0, 0.5, 0.5],
            ],
        );
        check(
            |a, b| a.minimum(b),
            [
                [1.0, 2.0, 1.0, 1.0, 0.0],
                [2.0, 2.0, 2.0, 0.5, 0.5],
                [3.0, 1.0, 1.0, 0.0, 1.0],
                [NAN, 1.0, NAN, 1.0, 1.0],
                [1.0, NAN, NAN, 1.0, 1.0],
                [0.0, -0.0, 0.0, 0.5, 0.5],
            ],
        );
        assert_eq!(Tensor::from([1_i64, 5]).maximum(3), Tensor::from([3, 5]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.maximum(b).powi(2).sum()).unwrap();
        gradcheck((a, b), |(a, b)| b.minimum(a).powi(2).sum()).unwrap();
    }
}
