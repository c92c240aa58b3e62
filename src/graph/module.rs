//! The element types that a module accepts.

use super::{Flow, GradSlot, Scope};
use crate::element::{Element, Float};
use crate::shape::Shape;

/// An element type that a module computing in `E` accepts: `E` itself, or indices and masks.
#[diagnostic::on_unimplemented(
    message = "the input has elements `{Self}`, and this module takes floats",
    label = "elements `{Self}`, where floats are taken",
    note = "`x.to::<f32>()` converts integers and masks to floats"
)]
pub trait InputOf<E: Element>: Element {
    /// The flow after a boundary around `H`, where `P` is the flow of the input.
    #[doc(hidden)]
    type AfterBoundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>: Flow<T, E>;
    #[doc(hidden)]
    fn after_boundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
        inner: H,
        outer: P,
        input: GradSlot<Self>,
    ) -> Self::AfterBoundary<S, T, H, P, L>;
}

#[diagnostic::do_not_recommend]
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

/// Indices and masks have no gradient: the upstream graph is dropped.
macro_rules! impl_input_without_gradient {
    ($($t:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<E: Float> InputOf<E> for $t {
            type AfterBoundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope> = H::Bounded<S, (), L>;
            fn after_boundary<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
                inner: H,
                _: P,
                _: GradSlot<Self>,
            ) -> H::Bounded<S, (), L> {
                inner.bounded::<S, (), L>((), GradSlot::unneeded())
            }
        }
    )* };
}
impl_input_without_gradient!(i64, bool);

/// Indices and masks are computed without a graph.
macro_rules! impl_result_without_gradient {
    ($($t:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl InputOf<$t> for $t {
            type AfterBoundary<S: Shape, T: Shape, H: Flow<T, $t>, P: Flow<S, $t>, L: Scope> = ();
            fn after_boundary<S: Shape, T: Shape, H: Flow<T, $t>, P: Flow<S, $t>, L: Scope>(
                _: H,
                _: P,
                _: GradSlot<$t>,
            ) {
            }
        }
    )* };
}
impl_result_without_gradient!(i64, bool);
