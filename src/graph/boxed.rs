//! Graphs that are chosen at run time.

use super::chain::{Base, Chain};
use super::digits::Nil;
use super::flow::Flow;
use super::kind::Anything;
use super::later::{Later, Resumable, Upstream};
use super::outline::Outline;
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A graph in a box: every tensor of this shape has the same type, whichever operations computed it.
pub struct Boxed<'a, S: Shape, E: Element> {
    /// Until it is run backward or dropped.
    upstream: Option<Box<dyn Upstream<S, E> + 'a>>,
    /// Asked once, and not through a chain of boxes again at each of them.
    needs_grad: bool,
}

impl<'a, S: Shape, E: Element> Boxed<'a, S, E> {
    pub(crate) fn chain<F: Flow<S, E> + 'a>(flow: F) -> Chain<Self, Nil> {
        let needs_grad = flow.needs_grad();
        Chain::new(Boxed { upstream: Some(Box::new(Resumable::new(flow))), needs_grad })
    }
}

/// A chain of boxes would be dropped by as many calls in each other.
impl<S: Shape, E: Element> Drop for Boxed<'_, S, E> {
    fn drop(&mut self) {
        if let Some(upstream) = self.upstream.take() {
            let mut later = Later::new();
            upstream.dismantle(&mut later);
            later.dismantle();
        }
    }
}

impl<S: Shape, E: Element> Base<E> for Boxed<'_, S, E> {
    type Shape = S;
    const REACHES: bool = true;
    const HAS_BOXES: bool = true;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Unknown;
    fn name() -> Option<&'static str> {
        Some("Boxed")
    }
    fn needs_grad(&self) -> bool {
        self.needs_grad
    }
    fn accept<'r>(mut self, grad: Tensor<S, E>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        if let Some(mut upstream) = self.upstream.take() {
            upstream.take(grad);
            later.push(upstream);
        }
    }
    fn dismantle<'r>(mut self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        if let Some(upstream) = self.upstream.take() {
            later.push(upstream);
        }
    }
}
