//! One piece of a chain: an operation, with the flow of its other operand.

use super::describe::Description;
use super::flow::{Flow, Pullback, Pullback2};
use super::kind::{Anything, KeepsAxis, Kind, PerElement};
use super::later::Later;
use super::outline::Outline;
use super::progress::{Progress, Pulling};
use crate::element::Element;
use crate::shape::{Law, Shape, first};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// One piece of a chain, from the gradient of a tensor of shape `T` to that of one of shape `S`.
pub trait Segment<S: Shape, T: Shape, E: Element> {
    /// Whether an operand other than the input may lead to a parameter.
    const HAS_SIDE_INPUT: bool;
    /// Whether a box is in an operand other than the input, or inside a boundary.
    const HAS_BOXES: bool = false;
    /// The kind of result of the last operation.
    type Kind: Kind;
    /// The operations, modules and parameters in it.
    const OUTLINE: &'static Outline;
    #[doc(hidden)]
    fn name() -> Option<&'static str>;
    #[doc(hidden)]
    fn describe(description: &mut Description);
    /// Returns the gradient of the input if it is needed. Always propagates to the other operand.
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
    /// Drops it as far as boxes.
    #[doc(hidden)]
    fn dismantle<'r>(self, _: &mut Later<'r>)
    where
        Self: Sized + 'r,
    {
    }
}

/// `typegrad::ops::relu::ReluBackward<S, E>` is shown as `ReluBackward`, and so is a `Lawful<ReluBackward<S, E>, L>`.
pub(super) fn short_name<B>() -> Option<&'static str> {
    let path = std::any::type_name::<B>();
    let plain = path.split(['<', ',']).find(|part| !part.ends_with("::Lawful")).unwrap_or(path);
    Some(plain.rsplit("::").next().unwrap_or(plain))
}

/// An operation with one operand, which makes `K` of the elements.
#[derive(Debug)]
pub struct UnarySegment<B, K = Anything>(B, PhantomData<fn() -> K>);

impl<B, K> UnarySegment<B, K> {
    pub(super) fn new(operation: B) -> Self {
        UnarySegment(operation, PhantomData)
    }
}

impl<S, T, E, B, K> Segment<S, T, E> for UnarySegment<B, K>
where
    K: Kind,
    S: Shape,
    T: Shape,
    E: Element,
    B: Pullback<S, T, E>,
{
    const HAS_SIDE_INPUT: bool = false;
    type Kind = K;
    const OUTLINE: &'static Outline = &Outline::law(B::BROKEN);
    fn name() -> Option<&'static str> {
        short_name::<B>()
    }
    fn describe(description: &mut Description) {
        description.multiply_adds(B::MULTIPLY_ADDS);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, _: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        needs_grad.then(|| self.0.pull(grad))
    }
}

/// An operation whose left operand is the chain, and whose right one has the flow `R`.
#[derive(Debug)]
pub struct Left<B, R, S2> {
    operation: B,
    rhs: R,
    shape: PhantomData<fn() -> S2>,
}

impl<B, R, S2> Left<B, R, S2> {
    pub(super) fn new(operation: B, rhs: R) -> Self {
        Left { operation, rhs, shape: PhantomData }
    }
}

impl<S, S2, T, E, B, R> Segment<S, T, E> for Left<B, R, S2>
where
    S: Shape,
    S2: Shape,
    T: Shape,
    E: Element,
    B: Pullback2<S, S2, T, E>,
    R: Flow<S2, E>,
{
    const HAS_SIDE_INPUT: bool = R::TRACKED;
    const HAS_BOXES: bool = R::HAS_BOXES;
    type Kind = PerElement<S2::IsNumber>;
    const OUTLINE: &'static Outline = &Outline::Then(
        R::OUTLINE,
        &match B::BROKEN {
            // A third operand is compared with the result: the first two are one packed vector here.
            None if B::REPEATS => {
                Outline::law(first(KeepsAxis::<S, S2, R::Kind>::BROKEN, KeepsAxis::<T, S2, R::Kind>::BROKEN))
            }
            broken => Outline::law(broken),
        },
    );
    fn name() -> Option<&'static str> {
        short_name::<B>()
    }
    fn describe(description: &mut Description) {
        R::describe(description);
        description.multiply_adds(B::MULTIPLY_ADDS);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        let (lhs, rhs) = self.operation.pull(grad, (needs_grad, self.rhs.needs_grad()));
        if let Some(rhs) = rhs {
            self.rhs.backward_to_boxes(rhs, later);
        }
        lhs
    }
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: 'r,
    {
        if !R::HAS_BOXES {
            return Progress::Done(self.pull(grad, needs_grad, later));
        }
        match self.operation.pull(grad, (needs_grad, self.rhs.needs_grad())) {
            (lhs, Some(rhs)) => self.rhs.advance(rhs, later).then(later, |(), _| Progress::Done(lhs)),
            (lhs, None) => Progress::Done(lhs),
        }
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.rhs.dismantle(later);
    }
}

/// An operation whose right operand is the chain, and whose left one is a constant.
#[derive(Debug)]
pub struct Right<B, S0> {
    operation: B,
    shape: PhantomData<fn() -> S0>,
}

impl<B, S0> Right<B, S0> {
    pub(super) fn new(operation: B) -> Self {
        Right { operation, shape: PhantomData }
    }
}

impl<S, S0, T, E, B> Segment<S, T, E> for Right<B, S0>
where
    S: Shape,
    S0: Shape,
    T: Shape,
    E: Element,
    B: Pullback2<S0, S, T, E>,
{
    const HAS_SIDE_INPUT: bool = false;
    type Kind = PerElement<S0::IsNumber>;
    const OUTLINE: &'static Outline = &Outline::law(B::BROKEN);
    fn name() -> Option<&'static str> {
        short_name::<B>()
    }
    fn describe(description: &mut Description) {
        description.multiply_adds(B::MULTIPLY_ADDS);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, _: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        if needs_grad { self.operation.pull(grad, (false, true)).1 } else { None }
    }
}
