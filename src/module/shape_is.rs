//! The shape of an input is the one that a module takes.

use crate::element::Element;
use crate::graph::Flow;
use crate::shape::{Is, Known, Shape};

/// `Self` is `T`.
#[diagnostic::on_unimplemented(
    message = "the input has the shape `{Self}`, and this module takes `{T}`",
    label = "an input of shape `{Self}`, where `{T}` is taken",
    note = "`Len<_>` is any size; another order: `x.permute::<Axes3<1, 0, 2>>()`; another shape: `x.reshape::<S>()`, `x.unsqueeze::<0>()`; \
            elements: `x.to::<f32>()`; an `Expr`: `x.with_shape::<S>()`"
)]
pub trait ShapeIs<T: Shape>: Shape {
    /// `Y`, where `Self` is `T`: see [`Known`].
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
    /// `F`, where `Self` is `T`. A bound `F: Flow<T, E>` of a tensor of shape `Self` would be a second error.
    #[doc(hidden)]
    type Flow<E: Element, F: Flow<Self, E>>: Flow<T, E>;
    #[doc(hidden)]
    fn flow<E: Element, F: Flow<Self, E>>(flow: F) -> Self::Flow<E, F>;
}
impl<T: Shape> ShapeIs<T> for T {
    type Then<Y> = Y;
    type Flow<E: Element, F: Flow<T, E>> = F;
    #[inline(always)]
    fn flow<E: Element, F: Flow<T, E>>(flow: F) -> F {
        flow
    }
}

/// `Y`, the result of shape `T` of a module that takes the shape `S`, where an input of shape `X` fits.
pub type WhereItFits<X, S, T, Y> = <X as ShapeIs<S>>::Then<<T as Known>::Then<Y>>;
