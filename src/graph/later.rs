//! Boxes that a backward pass has come to: a loop takes them in order, so that no chain of boxes is too long for the
//! stack.

use super::flow::Flow;
use super::progress::{Progress, Rest};
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The graphs in boxes that are still to be run backward, each with its gradient, or to be dropped.
pub struct Later<'r>(Vec<Item<'r>>);

enum Item<'r> {
    Graph(Box<dyn Resume + 'r>),
    /// The rest of a graph that waits for the items before it, and the boxes that it had come to.
    Rest(Box<dyn Rest<'r, ()> + 'r>, Later<'r>),
}

impl<'r> Later<'r> {
    pub(super) fn new() -> Self {
        Later(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, graph: Box<dyn Resume + 'r>) {
        self.0.push(Item::Graph(graph));
    }

    pub(super) fn push_rest(&mut self, rest: Box<dyn Rest<'r, ()> + 'r>, boxes: Self) {
        self.0.push(Item::Rest(rest, boxes));
    }

    /// Runs all of them backward, in order. Those that one of them leads to come right after it; those that it waits for, before
    /// the rest of it.
    pub(super) fn run(self) {
        if !self.0.is_empty() {
            self.run_each();
        }
    }

    #[inline(never)]
    fn run_each(self) {
        // The last item is the next one.
        let mut stack = self.0;
        stack.reverse();
        let mut next = Later::new();
        while let Some(item) = stack.pop() {
            let run = match item {
                Item::Graph(graph) => graph.resume(&mut next),
                Item::Rest(rest, boxes) => {
                    next = boxes;
                    rest.resume(&mut next)
                }
            };
            match run {
                Progress::Done(()) => stack.extend(next.0.drain(..).rev()),
                Progress::Waits(first, rest) => {
                    stack.push(Item::Rest(rest, std::mem::replace(&mut next, Later::new())));
                    stack.extend(first.0.into_iter().rev());
                }
            }
        }
    }

    /// Drops all of them, in the same order.
    pub(super) fn dismantle(mut self) {
        self.0.reverse();
        while let Some(item) = self.0.pop() {
            let before = self.0.len();
            if let Item::Graph(graph) = item {
                graph.dismantle(&mut self);
            }
            self.0[before..].reverse();
        }
    }
}

/// A graph in a box.
pub(super) trait Resume {
    /// Runs it backward as far as other boxes, or as a boundary that waits for them.
    fn resume<'r>(self: Box<Self>, later: &mut Later<'r>) -> Progress<'r, ()>
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
    fn resume<'r>(self: Box<Self>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        let Resumable { flow, grad } = *self;
        match grad {
            Some(grad) => flow.advance(grad, later),
            None => Progress::Done(()),
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
