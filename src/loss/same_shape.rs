//! Targets of the same shape.

use crate::element::{Element, Float};
use crate::graph::{CompatibleWith, Context, Flow, Graph, UseTwiceInsideShared};
use crate::nn::Param;
use crate::ops::Operand;
use crate::shape::{Shape, TakesTarget};
use crate::tensor::Tensor;

/// An operand of shape `S` itself: nothing is broadcast where tensors are compared.
///
/// PyTorch broadcasts `[32, 1]` against `[32]` to `[32, 32]`, with a warning, and trains on the wrong loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is compared with a tensor of shape `{S}` with elements `{E}`",
    label = "does not fit shape `{S}` with elements `{E}`",
    note = "a loss compares tensors, `&Param`s and `&x` of an `x` without graph, and broadcasts nothing: `x.squeeze::<-1>()`, \
            `x.unsqueeze::<-1>()`, `x.to::<f32>()`; of computed sizes `x.with_shape()`",
    note = "a `PaddedBatch` is compared with a `PaddedBatch`: `net.train(x)` gives one if `x` is one"
)]
pub trait SameShapeOperand<C: Context, S: Shape, E: Element>: Operand<C, E> {}

#[diagnostic::do_not_recommend]
impl<C, D, S, T, E, F> SameShapeOperand<C, S, E> for Tensor<T, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Element,
    F: Flow<T, E>,
{
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
}

#[diagnostic::do_not_recommend]
impl<C, S, T, E> SameShapeOperand<C, S, E> for &Param<T, E>
where
    C: Context,
    S: Shape + TakesTarget<T>,
    T: Shape,
    E: Float,
{
}
