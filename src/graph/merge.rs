//! Graphs whose base holds other graphs: an operation on an array of tensors, and a change of the element type.

use super::chain::Base;
use super::describe::Description;
use super::flow::{Flow, PullbackCast, PullbackN};
use super::kind::Anything;
use super::later::Later;
use super::outline::Outline;
use super::progress::Progress;
use crate::element::Element;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// An operation on `N` tensors of one type, as `stack` and `cat` of an array.
pub struct Merging<S, T, F, B, const N: usize> {
    flows: [F; N],
    operation: B,
    shapes: PhantomData<fn() -> (S, T)>,
}

impl<S, T, F, B, const N: usize> Merging<S, T, F, B, N> {
    pub(super) fn new(flows: [F; N], operation: B) -> Self {
        Merging { flows, operation, shapes: PhantomData }
    }
}

impl<S, T, E, F, B, const N: usize> Base<E> for Merging<S, T, F, B, N>
where
    S: Shape,
    T: Shape,
    E: Element,
    F: Flow<S, E>,
    B: PullbackN<S, T, E, N>,
{
    type Shape = T;
    const REACHES: bool = F::REACHES;
    const HAS_BOXES: bool = F::HAS_BOXES;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Times(N, F::OUTLINE);
    fn name() -> Option<&'static str> {
        super::segment::short_name::<B>()
    }
    fn describe(description: &mut Description) {
        description.times(N, F::describe);
    }
    fn needs_grad(&self) -> bool {
        self.flows.iter().any(Flow::needs_grad)
    }
    fn accept<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        for (flow, grad) in self.flows.into_iter().zip(self.operation.pull(grad)) {
            flow.backward_to_boxes(grad, later);
        }
    }
    fn advance<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        advance_each(self.flows.into_iter().zip(self.operation.pull(grad)), later)
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        for flow in self.flows {
            flow.dismantle(later);
        }
    }
}

/// Runs flows backward in order, each with its gradient.
fn advance_each<'r, S, E, F>(
    mut flows: impl Iterator<Item = (F, Tensor<S, E>)> + 'r,
    later: &mut Later<'r>,
) -> Progress<'r, ()>
where
    S: Shape,
    E: Element,
    F: Flow<S, E> + 'r,
{
    while let Some((flow, grad)) = flows.next() {
        let run = flow.advance(grad, later);
        if let Progress::Waits(..) = run {
            return run.then(later, |(), later| advance_each(flows, later));
        }
    }
    Progress::Done(())
}

/// A change of the element type from `D`, upstream.
pub struct Casting<S, D, T, F, B> {
    flow: F,
    operation: B,
    types: PhantomData<fn() -> (S, D, T)>,
}

impl<S, D, T, F, B> Casting<S, D, T, F, B> {
    pub(super) fn new(flow: F, operation: B) -> Self {
        Casting { flow, operation, types: PhantomData }
    }
}

impl<S, D, T, E, F, B> Base<E> for Casting<S, D, T, F, B>
where
    S: Shape,
    D: Element,
    T: Shape,
    E: Element,
    F: Flow<S, D>,
    B: PullbackCast<S, D, T, E>,
{
    type Shape = T;
    const REACHES: bool = F::REACHES;
    const HAS_BOXES: bool = F::HAS_BOXES;
    type Kind = F::Kind;
    const OUTLINE: &'static Outline = F::OUTLINE;
    fn name() -> Option<&'static str> {
        super::segment::short_name::<B>()
    }
    fn describe(description: &mut Description) {
        F::describe(description);
    }
    fn needs_grad(&self) -> bool {
        self.flow.needs_grad()
    }
    fn accept<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.flow.backward_to_boxes(self.operation.pull(grad), later);
    }
    fn advance<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        self.flow.advance(self.operation.pull(grad), later)
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.flow.dismantle(later);
    }
}
