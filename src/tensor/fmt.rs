//! Debug and Display, as PyTorch prints tensors.

use super::Tensor;
use crate::element::Element;
use crate::graph::{Flow, Graph};
use crate::shape::Shape;
use std::fmt;

impl<S: Shape, E: Element, C, F: Flow<S, E>> fmt::Debug for Tensor<S, E, Graph<C, F>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: Shape, E: Element, C, F: Flow<S, E>> fmt::Display for Tensor<S, E, Graph<C, F>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tensor({:?})", self.as_slice())
    }
}
