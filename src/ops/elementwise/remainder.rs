//! y = a - n b for the whole number n nearest to a / b towards 0 (`fmod`) or towards -∞ (`remainder`), and
//! dL/da = dL/dy, dL/db = -n dL/dy; summed over the axes along which an operand was repeated.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::elementwise::pointwise::{Value, fold, zip_grad, zip_value};
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// Whether a remainder with the sign of the dividend is not one with the sign of b.
fn differs<E: Float>(rest: E, b: E) -> bool {
    rest != E::zero() && (b < E::zero()) != (rest < E::zero())
}

/// The remainder with the sign of b.
fn remainder<E: Float>(a: E, b: E) -> E {
    let rest = a % b;
    if differs(rest, b) { rest + b } else { rest }
}

/// ⌊a / b⌋ as Python has it: from the remainder, so that the two agree where a / b is rounded.
fn floor_div<E: Float>(a: E, b: E) -> E {
    if b == E::zero() {
        return a / b;
    }
    let rest = a % b;
    let whole = ((a - rest) / b).round();
    if differs(rest, b) { whole - E::one() } else { whole }
}

/// The backward pass of `a.fmod(b)`.
pub struct FmodBackward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for FmodBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let b = wanted.1.then(|| {
            let grad =
                zip_grad(grad.data.clone(), self.a.as_slice(), &self.b, |g, a, b| -g * (a / b).trunc());
            Tensor::constant(fold(grad, B::NUMEL))
        });
        let a = wanted.0.then(|| {
            let grad = zip_grad(grad.data, self.a.as_slice(), &self.b, |g, _, _| g);
            Tensor::constant(fold(grad, A::NUMEL))
        });
        (a, b)
    }
}

/// The backward pass of `a.remainder(b)`.
pub struct RemainderBackward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for RemainderBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let b = wanted.1.then(|| {
            let grad =
                zip_grad(grad.data.clone(), self.a.as_slice(), &self.b, |g, a, b| -g * floor_div(a, b));
            Tensor::constant(fold(grad, B::NUMEL))
        });
        let a = wanted.0.then(|| {
            let grad = zip_grad(grad.data, self.a.as_slice(), &self.b, |g, _, _| g);
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
    /// The remainder of a division, with the sign of the dividend. PyTorch's `fmod`, and `%` of Rust's numbers.
    ///
    /// In: `S`, and a tensor that fits it element by element or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([5.5, -5.5]);
    /// assert_eq!(x.fmod(2.0), Tensor::from([1.5, -1.5]));
    /// ```
    pub fn fmod<R: Pointwise<C, S, E>>(self, other: R) -> Binary<S, E, C, F, R, FmodBackward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_parts();
        let (b, rhs) = other.into_pointwise();
        let flow = flow.join(rhs, || FmodBackward { a: a.clone(), b: b.clone() });
        Tensor::from_parts(zip_value(a, b, |a, b| a % b), flow)
    }

    /// The remainder of a division, with the sign of the divisor. PyTorch's `remainder`, and `%` of Python's numbers.
    ///
    /// There is no operator `%` on tensors, because the two languages do not agree about it.
    ///
    /// In: `S`, and a tensor that fits it element by element or a number. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([5.5, -5.5]);
    /// assert_eq!(x.remainder(2.0), Tensor::from([1.5, 0.5]));
    /// ```
    pub fn remainder<R: Pointwise<C, S, E>>(self, other: R) -> Binary<S, E, C, F, R, RemainderBackward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_parts();
        let (b, rhs) = other.into_pointwise();
        let flow = flow.join(rhs, || RemainderBackward { a: a.clone(), b: b.clone() });
        Tensor::from_parts(zip_value(a, b, remainder), flow)
    }
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
