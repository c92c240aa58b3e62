//! Boxes that a backward pass has come to: a loop takes them in order, so that no chain of boxes is too long for the
//! stack.

use super::flow::Flow;
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The graphs in boxes that are still to be run backward, each with its gradient, or to be dropped.
pub struct Later<'r>(Vec<Box<dyn Resume + 'r>>);

impl<'r> Later<'r> {
    pub(super) fn new() -> Self {
        Later(Vec::new())
    }

    pub(super) fn push(&mut self, graph: Box<dyn Resume + 'r>) {
        self.0.push(graph);
    }

    /// Runs all of them backward.
    pub(super) fn run(self) {
        if !self.0.is_empty() {
            self.each(|graph, later| graph.resume(later));
        }
    }

    /// Drops all of them.
    pub(super) fn dismantle(self) {
        self.each(|graph, later| graph.dismantle(later));
    }

    /// Visits them in order. Those that one of them leads to come right after it.
    #[inline(never)]
    fn each(mut self, visit: fn(Box<dyn Resume + 'r>, &mut Self)) {
        self.0.reverse();
        while let Some(graph) = self.0.pop() {
            let before = self.0.len();
            visit(graph, &mut self);
            self.0[before..].reverse();
        }
    }
}

/// A graph in a box.
pub(super) trait Resume {
    /// Runs it backward as far as other boxes.
    fn resume<'r>(self: Box<Self>, later: &mut Later<'r>)
    where
        Self: 'r;
    /// Drops it as far as other boxes.
    fn dismantle<'r>(self: Box<Self>, later: &mut Later<'r>)
    where
        Self: 'r;
}

/// A graph in a box whose result is of shape `S`.
pub(super) trait Upstream<S: Shape, E: Element>: Resume {
    /// Takes the gradient, for [`resume`](Resume::resume).
    fn take(&mut self, grad: Tensor<S, E>);
}

/// A flow, and its gradient when that has come.
pub(super) struct Resumable<F, S, E> {
    flow: F,
    grad: Option<Tensor<S, E>>,
}

impl<F, S, E> Resumable<F, S, E> {
    pub(super) fn new(flow: F) -> Self {
        Resumable { flow, grad: None }
    }
}

impl<F: Flow<S, E>, S: Shape, E: Element> Resume for Resumable<F, S, E> {
    fn resume<'r>(self: Box<Self>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        let Resumable { flow, grad } = *self;
        if let Some(grad) = grad {
            flow.backward_to_boxes(grad, later);
        }
    }

    fn dismantle<'r>(self: Box<Self>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.flow.dismantle(later);
    }
}

impl<F: Flow<S, E>, S: Shape, E: Element> Upstream<S, E> for Resumable<F, S, E> {
    fn take(&mut self, grad: Tensor<S, E>) {
        self.grad = Some(grad);
    }
}
