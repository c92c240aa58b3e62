//! [`Checkpointed`] for modules with two inputs.

use super::{Checkpointed, Forward2, Snapshot};
use crate::element::Float;
use crate::graph::{
    Anything, Base, Description, Flow, GradSlot, InputOf, Later, Mode, Outline, Switch, outline_of,
};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Computed, Shared, Tensor, Traced};
use std::marker::PhantomData;

#[diagnostic::do_not_recommend]
impl<S, R, E, I, J, L> Forward2<S, R, E, I, J> for Checkpointed<L>
where
    S: Shape,
    R: Shape,
    E: Float,
    I: InputOf<E>,
    J: InputOf<E>,
    L: Forward2<S, R, E, I, J>,
{
    type Output = L::Output;
    #[track_caller]
    fn forward2<M: Mode>(&self, x: Shared<S, M, I>, y: Shared<R, M, J>) -> impl Traced<Self::Output, M, E> {
        let ((x, of_x), (y, of_y)) = (x.into_parts(), y.into_parts());
        let module = self.inner();
        let recorded = M::Shares::ON;
        let before = if recorded { Snapshot::of(module) } else { Snapshot::default() };
        let kept = if recorded { (x.clone(), y.clone()) } else { (Storage::empty(), Storage::empty()) };
        let (x, y) = (Tensor::from_parts(x, ()), Tensor::from_parts(y, ()));
        let (z, _) = module.forward2::<M::Unrecorded>(x, y).into_tensor().into_parts();
        let slot_x = GradSlot::new(Flow::<S, I>::needs_grad(&of_x));
        let slot_y = GradSlot::new(Flow::<R, J>::needs_grad(&of_y));
        let slots = (slot_x.another(), slot_y.another());
        let inner =
            <M::Shares as Switch>::SharedFlow::<L::Output, E>::start_at(
                || Recompute2::<L, M, S, R, I, J, E> { module, kept, slots, before, types: PhantomData },
            );
        let inner = J::after_boundary::<R, _, _, _, ()>(inner, of_y, slot_y);
        Tensor::from_parts(z, I::after_boundary::<S, _, _, _, ()>(inner, of_x, slot_x))
    }
}

/// A run of the module `L` in mode `M` on inputs of the shapes `S` and `R`, which are kept and nothing else.
struct Recompute2<'m, L, M, S, R, I, J, E> {
    module: &'m L,
    kept: (Storage<I>, Storage<J>),
    /// Accumulate the gradients of the inputs.
    slots: (GradSlot<I>, GradSlot<J>),
    /// The buffers and generators before the first run.
    before: Snapshot,
    types: PhantomData<fn() -> (M, S, R, E)>,
}

impl<'m, L, M, S, R, I, J, E> Base<E> for Recompute2<'m, L, M, S, R, I, J, E>
where
    S: Shape,
    R: Shape,
    E: Float,
    I: InputOf<E>,
    J: InputOf<E>,
    M: Mode,
    L: Forward2<S, R, E, I, J>,
{
    type Shape = L::Output;
    const REACHES: bool = M::Params::ON;
    type Kind = Anything;
    const OUTLINE: &'static Outline =
        outline_of::<(_, _, _), _>(<L as Forward2<S, R, E, I, J>>::forward2::<M>);

    fn name() -> Option<&'static str> {
        Some("CheckpointBackward")
    }

    fn describe(description: &mut Description) {
        fn inside<L, X, Y, Z: Computed>(_: impl FnOnce(L, X, Y) -> Z) -> fn(&mut Description) {
            Z::Flow::describe
        }
        inside(|layer: &'m L, x: Shared<S, M, I>, y: Shared<R, M, J>| layer.forward2::<M>(x, y))(description);
    }

    fn needs_grad(&self) -> bool {
        M::Params::ON || self.slots.0.needs_grad() || self.slots.1.needs_grad()
    }

    fn accept<'r>(self, grad: Tensor<L::Output, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        // The second run draws the same numbers as the first, and leaves no trace.
        let after = Snapshot::of(self.module);
        self.before.restore(self.module);
        let slots = (GradSlot::new(self.slots.0.needs_grad()), GradSlot::new(self.slots.1.needs_grad()));
        let x = Tensor::from_parts(self.kept.0, M::Shares::share(&slots.0));
        let y = Tensor::from_parts(self.kept.1, M::Shares::share(&slots.1));
        let (_, flow) = self.module.forward2::<M>(x, y).into_tensor().into_parts();
        after.restore(self.module);
        flow.backward(grad);
        slots.0.take().into_iter().for_each(|grad| self.slots.0.add(grad));
        slots.1.take().into_iter().for_each(|grad| self.slots.1.add(grad));
    }
}
