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
            `x.unsqueeze::<-1>()`, `x.to::<f32>()`; of computed sizes `t.with_shape()`",
    note = "for `&goal` of a `goal` with a graph write `goal.value()`, or `goal` itself if a gradient is to flow into it",
    note = "a `PaddedBatch` is compared with a `PaddedBatch`: `net.train(x)` gives one if `x` is one"
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

// Of the same type, so that the shape of `Tensor::ones()` or `x.reshape()` follows from the prediction; a reference, whose shape
// is known in most programs, may have computed sizes in another form.
#[diagnostic::do_not_recommend]
impl<C, D, S, E, F> SameShapeOperand<C, S, E> for Tensor<S, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape,
    E: Element,
    F: Flow<S, E>,
{
    type Shape = S;
    type Context = D;
    type Flow = F;
    fn into_same_shape_operand(self) -> (Storage<E>, F) {
        self.into_parts()
    }
}

#[diagnostic::do_not_recommend]
impl<C, D, S, T, E, F> SameShapeOperand<C, S, E> for &Tensor<T, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Element,
    F: Flow<T, E> + UseTwiceInsideShared,
{
    type Shape = T;
    type Context = D;
    type Flow = F;
    fn into_same_shape_operand(self) -> (Storage<E>, F) {
        self.clone().into_parts()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, C, S, T, E> SameShapeOperand<C, S, E> for &'a Param<T, E>
where
    C: Context,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Float,
{
    type Shape = T;
    type Context = C::WithParam;
    type Flow = <C::Params as Switch>::Leaf<'a, T, E>;
    fn into_same_shape_operand(self) -> (Storage<E>, Self::Flow) {
        Operand::<C, E>::into_operand(self)
    }
}
