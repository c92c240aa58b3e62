//! The operations of a chain, in a binary counter.
//!
//! # The shape of the type
//!
//! Operations that follow one another could nest, `Node<Relu, Node<Matmul, Leaf>>`. rustc then recurses once for
//! each operation and stops at its limit of 128. Here they are digits of a binary counter: pushing an operation
//! adds one to it, and two complete trees of equal size merge into a [`Pair`]. A row of 200 modules is eight
//! digits with trees at most eight high, and pushing looks at two digits on average.
//!
//! | operations | digits, the smallest first |
//! |---|---|
//! | `a` | `One<a, Nil>` |
//! | `a b` | `Zero<One<Pair<a, b>, Nil>>` |
//! | `a b c` | `One<c, One<Pair<a, b>, Nil>>` |
//! | `a b c d` | `Zero<Zero<One<Pair<Pair<a, b>, Pair<c, d>>, Nil>>>` |
//!
//! The backward pass runs through the digits from the left and through each pair from the right. Each
//! operation is told whether anything upstream needs the gradient of its input; if not, it is not computed.

use super::boundary::Waiting;
use super::describe::Description;
use super::kind::{AsBefore, Kind};
use super::later::Later;
use super::outline::Outline;
use super::progress::{Progress, Pulling};
use super::segment::Segment;
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The operations of a chain, from shape `S` at its base to shape `T`.
pub trait Digits<S: Shape, T: Shape, E: Element> {
    /// The digits after one more operation.
    type Push<U: Shape, X: Segment<T, U, E>>: Digits<S, U, E>;
    /// Whether an operation has another operand that may lead to a parameter.
    const HAS_SIDE_INPUT: bool;
    /// Whether an operation has another operand, or a boundary, with a box in it.
    const HAS_BOXES: bool = false;
    /// The kind of result of the last operation.
    type Kind: Kind;
    /// The operations, modules and parameters in them.
    const OUTLINE: &'static Outline;
    #[doc(hidden)]
    fn push<U: Shape, X: Segment<T, U, E>>(self, segment: X) -> Self::Push<U, X>;
    #[doc(hidden)]
    fn name() -> Option<&'static str>;
    #[doc(hidden)]
    fn describe(description: &mut Description);
    #[doc(hidden)]
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r;
    /// The same, which stops at a boundary with boxes inside.
    #[doc(hidden)]
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: Sized + 'r,
    {
        Progress::Done(self.pull(grad, needs_grad, later))
    }
    #[doc(hidden)]
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r;
}

/// The end of the digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nil;
/// A digit that is 0, and the larger ones, `R`.
#[derive(Debug)]
pub struct Zero<R>(R);
/// A digit that is 1: a complete tree `X` of operations, and the larger digits, `R`.
#[derive(Debug)]
pub struct One<X, R, U>(X, R, PhantomData<fn() -> U>);
/// Two complete trees of equal size: first `X`, then `Y`.
#[derive(Debug)]
pub struct Pair<X, Y, U>(X, Y, PhantomData<fn() -> U>);

impl<S: Shape, E: Element> Digits<S, S, E> for Nil {
    type Push<U: Shape, X: Segment<S, U, E>> = One<X, Nil, S>;
    const HAS_SIDE_INPUT: bool = false;
    type Kind = AsBefore;
    const OUTLINE: &'static Outline = &Outline::Nothing;
    fn push<U: Shape, X: Segment<S, U, E>>(self, segment: X) -> Self::Push<U, X> {
        One(segment, Nil, PhantomData)
    }
    fn name() -> Option<&'static str> {
        None
    }
    fn describe(_: &mut Description) {}
    fn pull<'r>(self, grad: Tensor<S, E>, _: bool, _: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        Some(grad)
    }
    fn dismantle<'r>(self, _: &mut Later<'r>)
    where
        Self: 'r,
    {
    }
}

impl<S, T, E, R> Digits<S, T, E> for Zero<R>
where
    S: Shape,
    T: Shape,
    E: Element,
    R: Digits<S, T, E>,
{
    type Push<U: Shape, X: Segment<T, U, E>> = One<X, R, T>;
    const HAS_SIDE_INPUT: bool = R::HAS_SIDE_INPUT;
    const HAS_BOXES: bool = R::HAS_BOXES;
    type Kind = R::Kind;
    const OUTLINE: &'static Outline = R::OUTLINE;
    fn push<U: Shape, X: Segment<T, U, E>>(self, segment: X) -> Self::Push<U, X> {
        One(segment, self.0, PhantomData)
    }
    fn name() -> Option<&'static str> {
        R::name()
    }
    fn describe(description: &mut Description) {
        R::describe(description);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        self.0.pull(grad, needs_grad, later)
    }
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: 'r,
    {
        self.0.advance(grad, needs_grad, later)
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.0.dismantle(later);
    }
}

impl<S, U, T, E, Y, R> Digits<S, T, E> for One<Y, R, U>
where
    S: Shape,
    U: Shape,
    T: Shape,
    E: Element,
    Y: Segment<U, T, E>,
    R: Digits<S, U, E>,
{
    type Push<V: Shape, X: Segment<T, V, E>> = Zero<R::Push<V, Pair<Y, X, T>>>;
    const HAS_SIDE_INPUT: bool = Y::HAS_SIDE_INPUT || R::HAS_SIDE_INPUT;
    const HAS_BOXES: bool = Y::HAS_BOXES || R::HAS_BOXES;
    type Kind = <Y::Kind as Kind>::After<R::Kind>;
    const OUTLINE: &'static Outline = &Outline::Then(R::OUTLINE, Y::OUTLINE);
    fn push<V: Shape, X: Segment<T, V, E>>(self, segment: X) -> Self::Push<V, X> {
        Zero(self.1.push(Pair(self.0, segment, PhantomData)))
    }
    fn name() -> Option<&'static str> {
        Y::name()
    }
    fn describe(description: &mut Description) {
        R::describe(description);
        Y::describe(description);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        let One(last, before, _) = self;
        let before = Waiting::new(before);
        let grad = last.pull(grad, needs_grad || R::HAS_SIDE_INPUT, later);
        // An operation that is not applied, such as one of the two norms of a transformer layer, has no gradient for its operand.
        let before = Waiting::into_inner(before);
        before.pull(grad?, needs_grad, later)
    }
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: 'r,
    {
        if !<Self as Digits<S, T, E>>::HAS_BOXES {
            return Progress::Done(self.pull(grad, needs_grad, later));
        }
        let One(last, before, _) = self;
        let before = Waiting::new(before);
        let run = last.advance(grad, needs_grad || R::HAS_SIDE_INPUT, later);
        run.then(later, move |grad, later| match (grad, Waiting::into_inner(before)) {
            (Some(grad), before) => before.advance(grad, needs_grad, later),
            _ => Progress::Done(None),
        })
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.0.dismantle(later);
        self.1.dismantle(later);
    }
}

impl<S, U, T, E, X, Y> Segment<S, T, E> for Pair<X, Y, U>
where
    S: Shape,
    U: Shape,
    T: Shape,
    E: Element,
    X: Segment<S, U, E>,
    Y: Segment<U, T, E>,
{
    const HAS_SIDE_INPUT: bool = X::HAS_SIDE_INPUT || Y::HAS_SIDE_INPUT;
    const HAS_BOXES: bool = X::HAS_BOXES || Y::HAS_BOXES;
    type Kind = <Y::Kind as Kind>::After<X::Kind>;
    const OUTLINE: &'static Outline = &Outline::Then(X::OUTLINE, Y::OUTLINE);
    fn name() -> Option<&'static str> {
        Y::name()
    }
    fn describe(description: &mut Description) {
        X::describe(description);
        Y::describe(description);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        let Pair(before, last, _) = self;
        let before = Waiting::new(before);
        let grad = last.pull(grad, needs_grad || X::HAS_SIDE_INPUT, later);
        // An operation that is not applied, such as one of the two norms of a transformer layer, has no gradient for its operand.
        let before = Waiting::into_inner(before);
        before.pull(grad?, needs_grad, later)
    }
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: 'r,
    {
        if !<Self as Segment<S, T, E>>::HAS_BOXES {
            return Progress::Done(self.pull(grad, needs_grad, later));
        }
        let Pair(before, last, _) = self;
        let before = Waiting::new(before);
        let run = last.advance(grad, needs_grad || X::HAS_SIDE_INPUT, later);
        run.then(later, move |grad, later| match (grad, Waiting::into_inner(before)) {
            (Some(grad), before) => before.advance(grad, needs_grad, later),
            _ => Progress::Done(None),
        })
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.1.dismantle(later);
        self.0.dismantle(later);
    }
}
