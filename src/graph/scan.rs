//! The graph of a recurrence: a chain with an input at every step.

use super::boundary::GradSlot;
use super::chain::Base;
use super::describe::Description;
use super::flow::Flow;
use super::kind::Anything;
use super::later::Later;
use super::leaf::accumulate;
use super::outline::Outline;
use super::step_sums;
use crate::element::Element;
use crate::kernel::memory::List;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// One step: its graph, and where the gradients of the state before it and of its input are collected.
pub(crate) struct ScanStep<H, E> {
    pub(crate) graph: H,
    pub(crate) state: GradSlot<E>,
    pub(crate) input: GradSlot<E>,
}

/// The steps of a recurrence from states of shape `S`, over inputs of shape `X`, to all states, of shape `T`.
///
/// The steps are a list, because their number is a dimension and not a constant of the type.
pub struct Scan<H, S, X, T, E> {
    pub(crate) steps: List<ScanStep<H, E>>,
    /// Accumulates the gradient of the first state.
    pub(crate) first: GradSlot<E>,
    /// Accumulates the gradient of all inputs.
    pub(crate) inputs: GradSlot<E>,
    pub(crate) shapes: PhantomData<fn() -> (S, X, T)>,
}

impl<H, S, X, T, E> Base<E> for Scan<H, S, X, T, E>
where
    H: Flow<S, E>,
    S: Shape,
    X: Shape,
    T: Shape,
    E: Element,
{
    type Shape = T;
    const REACHES: bool = H::REACHES;
    type Kind = Anything;
    const OUTLINE: &'static Outline = H::OUTLINE;

    fn name() -> Option<&'static str> {
        Some("ScanBackward")
    }

    fn describe(description: &mut Description) {
        description.times(T::NUMEL / S::NUMEL.max(1), H::describe);
    }

    fn needs_grad(&self) -> bool {
        H::TRACKED
    }

    fn accept<'r>(self, grad: Tensor<T, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        let mut inputs =
            self.inputs.needs_grad().then(|| Storage::filled(self.steps.len() * X::NUMEL, E::default()));
        let mut later: Option<Storage<E>> = None;
        step_sums::steps(|| {
            for (t, step) in self.steps.into_iter().enumerate().rev() {
                // A state is an output, and the input of the next step.
                let out = &grad.as_slice()[t * S::NUMEL..(t + 1) * S::NUMEL];
                accumulate(&mut later, Storage::from_slice(out));
                if let Some(grad) = later.take() {
                    step.graph.backward(Tensor::constant(grad));
                }
                later = step.state.take();
                if let (Some(all), Some(grad)) = (&mut inputs, step.input.take()) {
                    all.make_mut()[t * X::NUMEL..(t + 1) * X::NUMEL].copy_from_slice(grad.as_slice());
                }
            }
        });
        if let Some(grad) = later {
            self.first.add(grad);
        }
        if let Some(grad) = inputs {
            self.inputs.add(grad);
        }
    }
}
