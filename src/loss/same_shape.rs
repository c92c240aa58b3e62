//! Targets of the same shape.

use crate::element::{Element, Float};
use crate::graph::{CompatibleWith, Context, Flow, Graph, Switch, UseTwiceInsideShared};
use crate::nn::Param;
use crate::ops::Operand;
use crate::shape::{Shape, TakesTarget};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// An operand of shape `S` itself: nothing is broadcast where tensors are compared.
///
/// PyTorch broadcasts `[32, 1]` against `[32]` to `[32, 32]`, with a warning, and trains on the wrong loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is compared with a tensor of shape `{S}` with elements `{E}`",
    label = "does not fit shape `{S}` with elements `{E}`",
    note = "a loss compares tensors, `&Param`s and `&x` of an `x` without graph, and broadcasts nothing: `x.squeeze::<-1>()`, \
            `x.unsqueeze::<-1>()`, `x.to::<{E}>()`; of computed sizes `t.with_shape()`",
    note = "a `PaddedBatch` is compared with a `PaddedBatch`: `net.train(x)` gives one if `x` is one; generic code names the \
            output: `N: Forward<S, Output = T>`"
)]
pub trait Compared<C: Context, S: Shape, E: Element> {
    /// Its own shape: `S`, where computed sizes may have another form.
    type Shape: Shape;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient, or a reference to it.
    type Held;
    #[doc(hidden)]
    fn into_held(self) -> (Storage<E>, Self::Held);
}

/// A flow that an operand owns.
pub struct Owned<F>(F);

/// The flow of an operand. A reference to a flow gives one if it can be cloned, so that of a constant and of a shared input.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a target by reference has a graph, which would lead a gradient into the target",
    label = "`&` of a tensor with a graph",
    note = "write `goal.value()` for the target: it has no graph, as after PyTorch's `detach`",
    note = "if a gradient is to flow into it, write `goal` itself, and not `&goal`"
)]
pub trait TargetFlow {
    type Flow;
    fn into_flow(self) -> Self::Flow;
}

#[diagnostic::do_not_recommend]
impl<F> TargetFlow for Owned<F> {
    type Flow = F;
    fn into_flow(self) -> F {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<F: UseTwiceInsideShared> TargetFlow for &F {
    type Flow = F;
    fn into_flow(self) -> F {
        self.clone()
    }
}

/// An operand of shape `S` whose gradient has a way: `Compared`, and not a reference to a tensor with a graph. Two traits, so that
/// each has its own error; rustc shows the text of one or the other for a tensor that does not fit.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is compared with a tensor of shape `{S}` with elements `{E}`",
    label = "does not fit shape `{S}` with elements `{E}`",
    note = "a loss compares tensors, `&Param`s and `&x` of an `x` without graph, and broadcasts nothing: `x.squeeze::<-1>()`, \
            `x.unsqueeze::<-1>()`, `x.to::<{E}>()`; of computed sizes `t.with_shape()`",
    note = "a `PaddedBatch` is compared with a `PaddedBatch`: `net.train(x)` gives one if `x` is one; generic code names the \
            output: `N: Forward<S, Output = T>`"
)]
pub trait SameShapeOperand<C: Context, S: Shape, E: Element> {
    /// Its own shape: `S`, where computed sizes may have another form.
    type Shape: Shape;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<Self::Shape, E>;
    #[doc(hidden)]
    fn into_same_shape_operand(self) -> (Storage<E>, Self::Flow);
}

impl<C, S, E, R> SameShapeOperand<C, S, E> for R
where
    C: Context,
    S: Shape,
    E: Element,
    R: Compared<C, S, E, Held: TargetFlow<Flow: Flow<R::Shape, E>>>,
{
    type Shape = R::Shape;
    type Context = R::Context;
    type Flow = <R::Held as TargetFlow>::Flow;
    fn into_same_shape_operand(self) -> (Storage<E>, Self::Flow) {
        let (elements, flow) = self.into_held();
        (elements, flow.into_flow())
    }
}

// Of the same type, so that the shape of `Tensor::ones()` or `x.reshape()` follows from the prediction; a reference, whose shape
// is known in most programs, may have computed sizes in another form.
#[diagnostic::do_not_recommend]
impl<C, D, S, E, F> Compared<C, S, E> for Tensor<S, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape,
    E: Element,
    F: Flow<S, E>,
{
    type Shape = S;
    type Context = D;
    type Held = Owned<F>;
    fn into_held(self) -> (Storage<E>, Owned<F>) {
        let (elements, flow) = self.into_parts();
        (elements, Owned(flow))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, C, D, S, T, E, F> Compared<C, S, E> for &'a Tensor<T, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Element,
    F: Flow<T, E>,
{
    type Shape = T;
    type Context = D;
    type Held = &'a F;
    fn into_held(self) -> (Storage<E>, &'a F) {
        (self.data.clone(), &self.graph.flow)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, C, S, T, E> Compared<C, S, E> for &'a Param<T, E>
where
    C: Context,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Float,
{
    type Shape = T;
    type Context = C::WithParam;
    type Held = Owned<<C::Params as Switch>::Leaf<'a, T, E>>;
    fn into_held(self) -> (Storage<E>, Self::Held) {
        let (elements, flow) = Operand::<C, E>::into_operand(self);
        (elements, Owned(flow))
    }
}
