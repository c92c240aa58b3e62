//! y = the larger or the smaller of a and b. The gradient goes to the one that was taken, and half to each where they
//! are equal; summed over the axes along which an operand was repeated.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::elementwise::pointwise::{Value, fold, zip_grad, zip_value};
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::cmp::Ordering;

/// The larger of a and b (`Less`: b is taken if a is less), or the smaller (`Greater`). No number wins over a number.
fn take<E: Numeric>(a: E, b: E, other: Ordering) -> E {
    if a.partial_cmp(&b) == Some(other) || is_nan(b) { b } else { a }
}

#[expect(clippy::eq_op, reason = "true of NaN alone, and false of every whole number")]
fn is_nan<E: Numeric>(x: E) -> bool {
    x != x
}

/// The part of the gradient `g` for a, where b is taken if a is `other` than b. PyTorch gives all of it to both
/// where one is NaN.
fn share<E: Numeric>(g: E, a: E, b: E, other: Ordering) -> E {
    match a.partial_cmp(&b) {
        Some(Ordering::Equal) => g / (E::one() + E::one()),
        Some(order) if order == other => E::zero(),
        _ => g,
    }
}

/// The backward pass of `a.maximum(b)`.
pub struct MaximumBackward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for MaximumBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let b = wanted.1.then(|| {
            let grad = zip_grad(grad.data.clone(), self.a.as_slice(), &self.b, |g, a, b| {
                share(g, b, a, Ordering::Less)
            });
            Tensor::constant(fold(grad, B::NUMEL))
        });
        let a = wanted.0.then(|| {
            let grad =
                zip_grad(grad.data, self.a.as_slice(), &self.b, |g, a, b| share(g, a, b, Ordering::Less));
            Tensor::constant(fold(grad, A::NUMEL))
        });
        (a, b)
    }
}

/// The backward pass of `a.minimum(b)`.
pub struct MinimumBackward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for MinimumBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let b = wanted.1.then(|| {
            let grad = zip_grad(grad.data.clone(), self.a.as_slice(), &self.b, |g, a, b| {
                share(g, b, a, Ordering::Greater)
            });
            Tensor::constant(fold(grad, B::NUMEL))
        });
        let a = wanted.0.then(|| {
            let grad =
                zip_grad(grad.data, self.a.as_slice(), &self.b, |g, a, b| share(g, a, b, Ordering::Greater));
            Tensor::constant(fold(grad, A::NUMEL))
        });
        (a, b)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The larger of two, element by element. PyTorch's `maximum`; NaN wins.
    ///
    /// In: `S`, and a tensor that fits it element by element or a number. Out: the longer of the two shapes.
    ///
    /// Where the two are equal, each gets half of the gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 5.0]).maximum(Tensor::from([3.0, 2.0]));
    /// assert_eq!(x, Tensor::from([3.0, 5.0]));
    /// ```
    pub fn maximum<R: Pointwise<C, S, E>>(self, other: R) -> Binary<S, E, C, F, R, MaximumBackward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_parts();
        let (b, rhs) = other.into_pointwise();
        let flow = flow.join(rhs, || MaximumBackward { a: a.clone(), b: b.clone() });
        Tensor::from_parts(zip_value(a, b, |a, b| take(a, b, Ordering::Less)), flow)
    }

    /// The smaller of two, element by element. PyTorch's `minimum`; NaN wins.
    ///
    /// In: `S`, and a tensor that fits it element by element or a number. Out: the longer of the two shapes.
    ///
    /// Where the two are equal, each gets half of the gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 5.0]).minimum(Tensor::from([3.0, 2.0]));
    /// assert_eq!(x, Tensor::from([1.0, 2.0]));
    /// ```
    pub fn minimum<R: Pointwise<C, S, E>>(self, other: R) -> Binary<S, E, C, F, R, MinimumBackward<E>> {
        let () = R::FITS;
        let (a, flow) = self.into_parts();
        let (b, rhs) = other.into_pointwise();
        let flow = flow.join(rhs, || MinimumBackward { a: a.clone(), b: b.clone() });
        Tensor::from_parts(zip_value(a, b, |a, b| take(a, b, Ordering::Greater)), flow)
    }
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
