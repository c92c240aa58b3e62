//! The weights of elements and of classes.

use crate::element::Element;
use crate::shape::{Broadcast, Shape};
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

impl<S: Shape, E: Element> Weights<S, E> for Unweighted {
    fn weights(&self) -> Option<&[E]> {
        None
    }
}

impl<S, T, E> Weights<S, E> for Tensor<T, E>
where
    S: Broadcast<T, Output = S>,
    T: Shape,
    E: Element,
{
    fn weights(&self) -> Option<&[E]> {
        Some(self.as_slice())
    }
}
