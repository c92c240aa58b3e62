//! y = aᵇ, and dL/da = b aᵇ⁻¹ dL/dy, dL/db = aᵇ ln a dL/dy; summed over the axes along which an operand was repeated.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Waiting};
use crate::kernel::elementwise::float_zip::FloatZipGrad;
use crate::kernel::elementwise::function::BinaryGradient;
use crate::kernel::elementwise::pointwise::Value;
use crate::ops::support::binary::binary;
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::{Pointwise, Scalar};
use crate::shape::Shape;
use crate::tensor::Tensor;

binary!(@backward Float "pow", PowBackward,
    |g, a, b| E::power_grad(g, a, b),
    |g, a, b| FloatZipGrad::PowExponent.zip_grad(g, a, b));

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// aᵇ, element-wise. PyTorch's `pow`, with a tensor or a number.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes.
    ///
    /// The gradient of the exponent is 0 where the base is 0 and the exponent is not negative. `pow` with integers is
    /// [`powi`](Self::powi). For a number as the base, `Tensor::from(2.0).pow(x)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([4.0, 9.0]);
    /// assert_eq!(x.clone().pow(0.5), Tensor::from([2.0, 3.0]));
    /// assert_eq!(x.pow(Tensor::from([2.0, 0.0])), Tensor::from([16.0, 1.0]));
    /// ```
    pub fn pow<R: Pointwise<C, S, E>>(self, exponent: R) -> Binary<S, E, C, F, R, PowBackward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_waiting();
        let a = Value::Many(a);
        let (b, rhs) = exponent.into_pointwise();
        let flow =
            Waiting::new(Waiting::into_inner(flow).join(rhs, || PowBackward { a: a.clone(), b: b.clone() }));
        Tensor::from_waiting(E::power(a, b), flow)
    }

    /// aᵇ, element-wise, where b is a number: [`pow`](Self::pow) under the name that Rust's numbers have for it.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, 9.0]).powf(1.5), Tensor::from([8.0, 27.0]));
    /// ```
    pub fn powf(self, exponent: E) -> Binary<S, E, C, F, Scalar<E>, PowBackward<E>> {
        self.pow(Scalar(exponent))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::{INF, NAN, check, check_number};
    use crate::prelude::*;

    #[test]
    fn corner_cases_are_those_of_pytorch() {
        check(
            |a, b| a.pow(b),
            [
                // a, b, y, dy/da, dy/db
                [0.0, 0.0, 1.0, 0.0, 0.0],
                [0.0, 2.0, 0.0, 0.0, 0.0],
                [0.0, -1.0, INF, -INF, -INF],
                [0.0, 0.5, 0.0, INF, 0.0],
                [2.0, 0.0, 1.0, 0.0, std::f64::consts::LN_2],
                [-2.0, 3.0, -8.0, 12.0, NAN],
                [-2.0, 0.5, NAN, NAN, NAN],
                [INF, 0.0, 1.0, 0.0, INF],
                [NAN, 0.0, 1.0, 0.0, NAN],
                [1.0, NAN, 1.0, NAN, 0.0],
            ],
        );
    }

    #[test]
    fn a_number_as_exponent_has_the_corner_cases_of_pytorch() {
        let x = [0.0, -0.0, -1.5, 4.0, INF, -INF, NAN];
        for (b, y, dx) in [
            (0.0, [1.0; 7], [0.0; 7]),
            (0.5, [0.0, -0.0, NAN, 2.0, INF, NAN, NAN], [INF, -INF, NAN, 0.25, 0.0, NAN, NAN]),
            (2.0, [0.0, 0.0, 2.25, 16.0, INF, INF, NAN], [0.0, -0.0, -3.0, 8.0, INF, -INF, NAN]),
            (3.0, [0.0, -0.0, -3.375, 64.0, INF, -INF, NAN], [0.0, 0.0, 6.75, 48.0, INF, INF, NAN]),
            (-0.5, [INF, -INF, NAN, 0.5, 0.0, NAN, NAN], [-INF, -INF, NAN, -0.0625, -0.0, -0.0, NAN]),
            (1.0, [0.0, -0.0, -1.5, 4.0, INF, -INF, NAN], [1.0; 7]),
            (2.5, [0.0, 0.0, NAN, 32.0, INF, INF, NAN], [0.0, 0.0, NAN, 20.0, INF, INF, NAN]),
        ] {
            check_number(|x| x.powf(b), x, y, dx);
        }
        check_number(|x| x.powf(-1.0), [0.0, -0.0, 4.0], [INF, -INF, 0.25], [-INF, -INF, -0.0625]);
        check_number(|x| x.powf(-2.0), [0.0, -0.0, 4.0], [INF, INF, 0.0625], [-INF, INF, -0.03125]);
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::uniform(0.5, 2.0, rng);
        let b = Tensor::<Rank1<3>, f64>::uniform(-2.0, 2.0, rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.pow(b).sum()).unwrap();
        gradcheck((b, a), |(b, a)| a.pow(b.clone()).pow(b).sum()).unwrap();
    }
}
