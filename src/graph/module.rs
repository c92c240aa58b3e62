//! What the graph knows of a module: what it takes, and what it computes from it.

use super::{Flow, GradSlot, Mode, Scope};
use crate::element::{Element, Float};
use crate::shape::Shape;
use crate::tensor::{Input, Traced};

/// A module that runs on a tensor of shape `S`: every [`Forward`](crate::nn::Forward).
pub trait RunModule<S: Shape, E: Element, I: Element>: Scope + Sized {
    /// The shape of the result.
    type Output: Shape;
    /// The forward pass in mode `M`.
    #[doc(hidden)]
    fn run_module<M: Mode>(&self, x: Input<S, M, I>) -> impl Traced<Self::Output, M, E>;
}

/// Elements that a module which computes in `E` can take: its own, or indices and masks.
pub trait InputOf<E: Element>: Element {
    /// The flow after a boundary around `H`, where `P` is the flow of the input.
    type AfterBoundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>: Flow<T, E>;
    #[doc(hidden)]
    fn after_boundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
        inner: H,
        outer: P,
        input: GradSlot<Self>,
    ) -> Self::AfterBoundary<S, T, H, P, L>;
}

impl<E: Float> InputOf<E> for E {
    type AfterBoundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, E>, L: Scope> = H::Bounded<S, P, L>;
    fn after_boundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, E>, L: Scope>(
        inner: H,
        outer: P,
        input: GradSlot<E>,
    ) -> H::Bounded<S, P, L> {
        inner.bounded::<S, P, L>(outer, input)
    }
}

/// Indices and masks have no gradient: what is upstream of them is dropped.
macro_rules! impl_input_without_gradient {
    ($($t:ty),*) => { $(
        impl<E: Float> InputOf<E> for $t {
            type AfterBoundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope> = H::Bounded<S, (), L>;
            fn after_boundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
                inner: H,
                _: P,
                _: GradSlot<Self>,
            ) -> H::Bounded<S, (), L> {
                inner.bounded::<S, (), L>((), GradSlot::unwanted())
            }
        }
    )* };
}
impl_input_without_gradient!(i64, bool);
