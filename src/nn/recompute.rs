//! A graph that is not kept: the backward pass runs the module again.

use super::{Forward, Snapshot};
use crate::element::Float;
use crate::graph::{Anything, Base, Description, Flow, GradSlot, Later, Mode, Outline, Switch, outline_of};
use crate::module::describe;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Computed, Tensor};
use std::marker::PhantomData;

/// A run of the module `L` in mode `M` on an input of shape `S`, of which the input is kept and nothing else.
pub(crate) struct Recompute<'m, L, M, S, E> {
    pub(crate) module: &'m L,
    pub(crate) x: Storage<E>,
    /// Accumulates the gradient of the input.
    pub(crate) input: GradSlot<E>,
    /// The buffers and generators before the first run.
    pub(crate) before: Snapshot,
    pub(crate) types: PhantomData<fn() -> (M, S)>,
}

impl<L, M, S, E> Base<E> for Recompute<'_, L, M, S, E>
where
    S: Shape,
    E: Float,
    M: Mode,
    L: Forward<S, E>,
{
    type Shape = L::Output;
    const REACHES: bool = M::Params::ON;
    type Kind = Anything;
    const OUTLINE: &'static Outline = outline_of(<L as Forward<S, E>>::forward::<M>);

    fn name() -> Option<&'static str> {
        Some("CheckpointBackward")
    }

    fn describe(description: &mut Description) {
        describe::<L, M, S, E, E>(description);
    }

    fn needs_grad(&self) -> bool {
        M::Params::ON || self.input.needs_grad()
    }

    fn accept<'r>(self, grad: Tensor<L::Output, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        // The second run draws the same numbers as the first, and leaves no trace.
        let after = Snapshot::of(self.module);
        self.before.restore(self.module);
        let slot = GradSlot::new(self.input.needs_grad());
        let x = Tensor::from_parts(self.x, M::Input::share(&slot));
        let (_, flow) = self.module.forward::<M>(x).into_tensor().into_parts();
        after.restore(self.module);
        flow.backward(grad);
        if let Some(grad) = slot.take() {
            self.input.add(grad);
        }
    }
}
