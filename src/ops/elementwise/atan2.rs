//! y = the angle of the point (b, a), and dL/da = b/(a² + b²) dL/dy, dL/db = -a/(a² + b²) dL/dy; summed over the axes
//! along which an operand was repeated.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::elementwise::pointwise::{Value, fold, zip_grad, zip_value};
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// x/(a² + b²), and 0 where the point is the origin.
fn over_square<E: Float>(x: E, a: E, b: E) -> E {
    let square = a * a + b * b;
    if square == E::zero() { E::zero() } else { x / square }
}

/// The backward pass of `a.atan2(b)`.
pub struct Atan2Backward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for Atan2Backward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let b = wanted.1.then(|| {
            let grad =
                zip_grad(grad.data.clone(), self.a.as_slice(), &self.b, |g, a, b| g * over_square(-a, a, b));
            Tensor::constant(fold(grad, B::NUMEL))
        });
        let a = wanted.0.then(|| {
            let grad = zip_grad(grad.data, self.a.as_slice(), &self.b, |g, a, b| g * over_square(b, a, b));
            Tensor::constant(fold(grad, A::NUMEL))
        });
        (a, b)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The angle of the point (other, self), from -π to π. PyTorch's `atan2`.
    ///
    /// In: `S`, and a tensor that fits it element by element or a number. Out: the longer of the two shapes.
    ///
    /// The gradient at the origin is 0, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let angle = Tensor::from([1.0_f64, 0.0]).atan2(Tensor::from([0.0, -1.0]));
    /// assert_eq!(angle, Tensor::from([std::f64::consts::FRAC_PI_2, std::f64::consts::PI]));
    /// ```
    pub fn atan2<R: Pointwise<C, S, E>>(self, other: R) -> Binary<S, E, C, F, R, Atan2Backward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_parts();
        let (b, rhs) = other.into_pointwise();
        let flow = flow.join(rhs, || Atan2Backward { a: a.clone(), b: b.clone() });
        Tensor::from_parts(zip_value(a, b, |a, b| a.atan2(b)), flow)
    }
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
