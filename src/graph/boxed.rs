//! Graphs that are chosen at run time.

use super::chain::{Base, Chain, Nil};
use super::flow::Flow;
use super::kind::Anything;
use super::outline::Outline;
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;

trait Upstream<S: Shape, E: Element> {
    fn needs_grad(&self) -> bool;
    fn backward(self: Box<Self>, grad: Tensor<S, E>);
}

impl<S: Shape, E: Element, F: Flow<S, E>> Upstream<S, E> for F {
    fn needs_grad(&self) -> bool {
        Flow::needs_grad(self)
    }
    fn backward(self: Box<Self>, grad: Tensor<S, E>) {
        Flow::backward(*self, grad);
    }
}

/// A graph behind a pointer: every tensor of this shape has the same type, whichever operations computed it.
pub struct Boxed<'a, S: Shape, E: Element>(Box<dyn Upstream<S, E> + 'a>);

impl<'a, S: Shape, E: Element> Boxed<'a, S, E> {
    pub(crate) fn chain<F: Flow<S, E> + 'a>(flow: F) -> Chain<Self, Nil> {
        Chain::new(Boxed(Box::new(flow)))
    }
}

impl<S: Shape, E: Element> Base<E> for Boxed<'_, S, E> {
    type Shape = S;
    const REACHES: bool = true;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Unknown;
    fn name() -> Option<&'static str> {
        Some("Boxed")
    }
    fn needs_grad(&self) -> bool {
        self.0.needs_grad()
    }
    fn accept(self, grad: Tensor<S, E>) {
        self.0.backward(grad);
    }
}
