//! Axes of size 1, repeated to the size of the other side: y[.., i, ..] = x[.., 0, ..], and dL/dx = Σᵢ dL/dyᵢ.

use crate::element::{Element, Float, Numeric};
use crate::graph::{Anything, Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::elementwise::pointwise::Value;
use crate::kernel::shape::expand::{collapse, expand, expanded};
use crate::ops::support::results::Unary;
use crate::ops::support::rhs::{HasContext, Operand, Pointwise};
use crate::shape::{Broken, Law, Message, SameRank, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::ops::{Add, Div, Mul, Sub};

/// The backward pass of a repetition.
pub struct ExpandBackward;

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for ExpandBackward {
    const BROKEN: Broken =
        if S::RANK == T::RANK { Stretch::<S, T>::BROKEN } else { Broadcast::<S, T>::BROKEN };
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(collapse(grad.data, S::SIZES, T::SIZES))
    }
}

/// A tensor whose axes of size 1 take the size of the other side of an operation: what
/// [`expand`](Tensor::expand) gives.
#[derive(Clone, Copy, Debug)]
#[must_use = "`expand` has no effect alone: use it as an operand of another tensor, `x - mean.expand()`"]
pub struct Expanded<X>(X);

/// Whether a shape can be repeated to another: compared from the back, each size is 1 or equal.
const fn stretches(from: &[usize], to: &[usize]) -> bool {
    let mut fits = from.len() <= to.len();
    let mut i = 0;
    while fits && i < from.len() {
        let size = from[i];
        fits = size == 1 || size == to[to.len() - from.len() + i];
        i += 1;
    }
    fits
}

/// An `S` that is expanded to fit `T`.
struct Stretch<S, T>(S, T);

impl<S: Shape, T: Shape> Law for Stretch<S, T> {
    const WRONG: Option<Message> = if stretches(S::SIZES, T::SIZES) {
        None
    } else {
        let message = Message::new()
            .text("expand stretches axes of size 1 and no others: the expanded tensor has ")
            .sizes(S::SIZES)
            .text(", the other side has ")
            .sizes(T::SIZES);
        Some(message)
    };
}

/// `S` is repeated to `T`.
struct Broadcast<S, T>(S, T);

impl<S: Shape, T: Shape> Law for Broadcast<S, T> {
    const WRONG: Option<Message> = if stretches(S::SIZES, T::SIZES) {
        None
    } else {
        let message = Message::new()
            .text("broadcast_to stretches axes of size 1, and adds axes in front: the tensor has ")
            .sizes(S::SIZES)
            .text(", the new shape is ")
            .sizes(T::SIZES);
        Some(message)
    };
}

/// A tensor `[S]` of graph `F` in context `C`, repeated to the shape `T`.
type Stretched<S, T, E, C, F> = Tensor<T, E, Graph<C, <F as Flow<S, E>>::Then<T, ExpandBackward, Anything>>>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with axes of size 1 that stretch to the size of the other side. PyTorch stretches them implicitly.
    ///
    /// In: `S`, combined with an operand of the same rank whose sizes are equal to it where they are not 1. Checked when
    /// the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 3.0], [4.0, 8.0]]);
    /// let centered = x.clone() - (x.sum_keepdim::<-1>() / 2.0).expand();
    /// assert_eq!(centered, Tensor::from([[-1.0, 1.0], [-2.0, 2.0]]));
    /// ```
    ///
    /// It may also be the left operand: `mean.expand() - x`.
    #[rustfmt::skip]
    pub fn expand(self) -> Expanded<Self> { // to the other operand; to sizes: `x.broadcast_to::<Rank2<2, 3>>()`
        Expanded(self)
    }

    /// This tensor repeated to the shape `T`. PyTorch's `broadcast_to` and `expand(sizes)`, but copied.
    ///
    /// In: `S`. Out: `T`, which may have more axes in front, and whose sizes are equal, or stretch a 1. That is checked
    /// when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0], [2.0]]).broadcast_to::<Rank3<1, 2, 3>>();
    /// assert_eq!(x, Tensor::from([[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]]));
    /// ```
    #[rustfmt::skip]
    pub fn broadcast_to<T: Shape>(self) -> Unary<S, E, C, F, T, ExpandBackward> { // `x.broadcast_to::<Rank2<2, 3>>()`
        let () = Broadcast::<S, T>::HOLDS;
        self.stretch()
    }

    fn stretch<T: Shape>(self) -> Stretched<S, T, E, C, F> {
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(expand(x, S::SIZES, T::SIZES), Waiting::into_inner(flow).then(|| ExpandBackward))
    }
}

impl<S: Shape, E: Float> Param<S, E> {
    /// The parameter with axes of size 1 that stretch to the size of the other side; see [`Tensor::expand`].
    pub fn expand(&self) -> Expanded<&Self> {
        Expanded(self)
    }
}

// The right side takes the shape of the left one. rustc prints this head in errors, so it is kept short.
#[rustfmt::skip]
impl<C: Context, T: Shape, E: Element, X: Operand<C, E, Shape: SameRank<T>>> Pointwise<C, T, E> for Expanded<X>
{
    type Shape = T;
    type Output = T;
    type Context = X::Context;
    type Flow = <X::Flow as Flow<X::Shape, E>>::Then<T, ExpandBackward, Anything>;
    const FITS: () = Stretch::<X::Shape, T>::HOLDS;
    fn into_pointwise(self) -> (Value<E>, Self::Flow) {
        let (x, flow) = self.0.into_operand();
        (expanded(x, X::Shape::SIZES, T::SIZES), flow.then(|| ExpandBackward))
    }
}

impl<X: HasContext> HasContext for Expanded<X> {
    type Here = X::Here;
}

/// Nothing that is expanded is an operand with a shape of its own.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`expand()` takes the shape of the other operand of `+`, `-`, `*` or `/`, and nothing has one here",
    label = "no shape to stretch to",
    note = "where both sides stretch write the shape for one: `a.broadcast_to::<Rank3<4, 8, 8>>() + b.expand()`; so in `cat` and `matmul`",
    note = "of a parameter inside `forward` `self.a.traced::<M>().broadcast_to::<S>()`, outside of modules `a.track().broadcast_to::<S>()`"
)]
pub trait HasShapeToStretchTo<C, E: Element> {
    type Shape: Shape;
    type Context: Context;
    type Flow: Flow<Self::Shape, E>;
}

#[doc(hidden)]
impl<C: Context, E: Element, X: HasShapeToStretchTo<C, E>> Operand<C, E> for Expanded<X> {
    type Shape = X::Shape;
    type Context = X::Context;
    type Flow = X::Flow;
    fn into_operand(self) -> (Storage<E>, X::Flow) {
        unreachable!("no type implements the bound")
    }
}

/// The left side takes the shape of the right one.
macro_rules! impl_expanded_on_the_left {
    ($($op:ident $method:ident $bound:ident),*) => { $(
        impl<S, E, C, F, R> $op<R> for Expanded<Tensor<S, E, Graph<C, F>>>
        where
            S: Shape + SameRank<<R as Operand<C, E>>::Shape>,
            E: $bound,
            C: Context,
            F: Flow<S, E>,
            R: Operand<C, E> + Pointwise<C, <R as Operand<C, E>>::Shape, E>,
        {
            type Output = <Stretched<S, <R as Operand<C, E>>::Shape, E, C, F> as $op<R>>::Output;
            fn $method(self, rhs: R) -> Self::Output {
                let () = Stretch::<S, <R as Operand<C, E>>::Shape>::HOLDS;
                self.0.stretch::<<R as Operand<C, E>>::Shape>().$method(rhs)
            }
        }
    )* };
}
impl_expanded_on_the_left! {
    Add add Numeric, Sub sub Numeric, Mul mul Numeric, Div div Float
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn an_axis_of_size_one_stretches_on_either_side() {
        let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
        let m = Tensor::from([[10.0], [20.0]]);
        assert_eq!(x.clone() + m.clone().expand(), Tensor::from([[11.0, 12.0], [23.0, 24.0]]));
        assert_eq!(m.expand() - x, Tensor::from([[9.0, 8.0], [17.0, 16.0]]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(2);
        let x = Tensor::<Rank3<2, 3, 4>, f64>::uniform(0.5, 2.0, rng);
        let m = Tensor::<Rank3<2, 1, 4>, f64>::uniform(0.5, 2.0, rng);
        let n = Tensor::<Rank3<1, 3, 1>, f64>::uniform(0.5, 2.0, rng);
        let inputs = (x, m, n);
        gradcheck(inputs.clone(), |(x, m, n)| (x * m.expand() / n.expand()).powi(2).sum()).unwrap();
        gradcheck(inputs.clone(), |(x, m, n)| (m.expand() / (n.expand() + x)).sum()).unwrap();
        gradcheck(inputs.2, |n| n.broadcast_to::<Rank4<2, 2, 3, 2>>().powi(3).sum()).unwrap();
    }

    #[test]
    fn columns_of_long_rows_stretch_in_every_operation_of_floats() {
        let rng = &mut Rng::seed(3);
        let x = Tensor::<Rank2<2, 66>, f64>::uniform(0.5, 2.0, rng);
        let shares = x.clone() / x.clone().sum_keepdim::<-1>().expand();
        assert!(shares.sum_axis::<-1>().allclose(Tensor::from([1.0, 1.0])));
        let inputs = (x, Tensor::<Rank2<2, 1>, f64>::uniform(0.5, 2.0, rng));
        gradcheck(inputs.clone(), |(x, m)| (x / m.expand()).powi(2).sum()).unwrap();
        gradcheck(inputs.clone(), |(x, m)| x.pow(m.expand()).sum()).unwrap();
        gradcheck(inputs.clone(), |(x, m)| x.atan2(m.expand()).powi(2).sum()).unwrap();
        gradcheck(inputs, |(x, m)| x.logaddexp(m.expand()).powi(2).sum()).unwrap();
    }

    #[test]
    fn a_parameter_stretches_too_and_is_tracked() {
        let g = Param::new(Tensor::from([[2.0], [3.0]]));
        (Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) * g.expand()).sum().backward();
        assert_eq!(g.grad().unwrap(), Tensor::from([[6.0], [15.0]]));
    }
}
