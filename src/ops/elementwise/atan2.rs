//! y = the angle of the point (b, a), and dL/da = b/(a² + b²) dL/dy, dL/db = -a/(a² + b²) dL/dy; summed over the axes
//! along which an operand was repeated.

use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::ops::support::binary::binary;

binary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// The angle of the point (other, self), from -π to π. PyTorch's `atan2`.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// The gradient at the origin is 0, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let angle = Tensor::from([1.0_f64, 0.0]).atan2(Tensor::from([0.0, -1.0]));
    /// assert_eq!(angle, Tensor::from([std::f64::consts::FRAC_PI_2, std::f64::consts::PI]));
    /// ```
    fn atan2(other) by Atan2Backward:
        |a, b| FloatZip::Atan2.zip_values(a, b),
        |g, a, b| FloatZipGrad::Atan2Y.zip_grad(g, a, b),
        |g, a, b| FloatZipGrad::Atan2X.zip_grad(g, a, b);
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::{INF, NAN, check};
    use crate::prelude::*;
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

    #[test]
    fn corner_cases_are_those_of_pytorch() {
        check(
            |a, b| a.atan2(b),
            [
                [0.0, 0.0, 0.0, 0.0, 0.0],
                [0.0, -0.0, PI, 0.0, 0.0],
                [-0.0, -1.0, -PI, -1.0, 0.0],
                [1.0, 0.0, FRAC_PI_2, 0.0, -1.0],
                [-1.0, 0.0, -FRAC_PI_2, 0.0, 1.0],
                [INF, INF, FRAC_PI_4, NAN, NAN],
                [NAN, 1.0, NAN, NAN, NAN],
            ],
        );
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::uniform(0.5, 2.0, rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.atan2(b).sum()).unwrap();
        gradcheck((a, b), |(a, b)| b.atan2(a).sum()).unwrap();
    }
}
