//! The weights of elements and of classes.

use crate::element::Element;
use crate::shape::{Broadcast, Dim, Shape};
use crate::tensor::Tensor;

/// Every element and every class counts the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unweighted;

/// Weights for a tensor of shape `S`: none, or a constant that fits it and repeats along the leading axes it lacks.
#[diagnostic::on_unimplemented(
    message = "the weights `{Self}` do not fit a tensor of shape `{S}` with elements `{E}`",
    label = "weights are a constant tensor of the shape `{S}`, or without leading axes of it"
)]
pub trait Weights<S: Shape, E: Element> {
    /// The weights; the one of element i is at i modulo their number.
    #[doc(hidden)]
    fn weights(&self) -> Option<&[E]>;
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> Weights<S, E> for Unweighted {
    fn weights(&self) -> Option<&[E]> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<S, T, E> Weights<S, E> for Tensor<T, E>
where
    S: Shape + Broadcast<T, Broadcasted = S>,
    T: Shape,
    E: Element,
{
    fn weights(&self) -> Option<&[E]> {
        Some(self.as_slice())
    }
}

/// Weights for `K` classes: none, or one for each.
#[diagnostic::on_unimplemented(
    message = "the scores have `{K}` classes, but the weights are `{Self}`",
    label = "the weights are not one for each of `{K}` classes",
    note = "the weights of classes are a constant tensor with one element for each, of the type of the scores"
)]
pub trait ClassWeights<K: Dim, E: Element> {
    /// The weights in the order of the classes.
    #[doc(hidden)]
    fn weights(&self) -> Option<&[E]>;
}

#[diagnostic::do_not_recommend]
impl<K: Dim, E: Element> ClassWeights<K, E> for Unweighted {
    fn weights(&self) -> Option<&[E]> {
        None
    }
}

/// There are `Self` classes, and weights for `J`.
#[diagnostic::on_unimplemented(
    message = "the scores have `{Self}` classes, but there are weights for `{J}`",
    label = "needs a weight for each of `{Self}` classes"
)]
pub trait Weighted<J> {}
impl<J> Weighted<J> for J {}

impl<K: Dim + Weighted<J>, J: Dim, E: Element> ClassWeights<K, E> for Tensor<(J,), E> {
    fn weights(&self) -> Option<&[E]> {
        Some(self.as_slice())
    }
}
