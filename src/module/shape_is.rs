//! The shape and the elements of an input are those that a module takes.

use crate::element::Element;
use crate::graph::{Flow, Graph};
use crate::shape::{Is, Known, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// `Self` is `T`.
#[diagnostic::on_unimplemented(
    message = "the input has the shape `{Self}`, and this module takes `{T}`",
    label = "an input of shape `{Self}`, where `{T}` is taken",
    note = "`Len<_>` is any size; `x.permute::<Axes3<1, 0, 2>>()`, `x.reshape::<S>()`, `x.unsqueeze::<0>()`, `x.to::<E>()`; an `Expr`: \
            `x.with_shape::<S>()`; generic: `L: Forward<S, E, Output = T>`"
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

/// `Self` is `T`, of elements.
#[diagnostic::on_unimplemented(
    message = "the input has elements `{Self}`, and this module takes `{T}`",
    label = "elements `{Self}`, where `{T}` are taken",
    note = "nothing is converted implicitly: `x.to::<{T}>()` converts a tensor, `batch.map(|x| x.to::<{T}>())` the batch of a loader; \
            a network of indices is a `Forward<S, f32, i64>`"
)]
pub trait ElementIs<T: Element>: Element {
    /// `Y`, where `Self` is `T`: see [`Known`].
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
    /// `F`, where `Self` is `T`.
    #[doc(hidden)]
    type Flow<S: Shape, F: Flow<S, Self>>: Flow<S, T>;
    /// The same elements and the same flow.
    #[doc(hidden)]
    fn known<S: Shape, F: Flow<S, Self>>(x: Storage<Self>, flow: F) -> (Storage<T>, Self::Flow<S, F>);
}
impl<T: Element> ElementIs<T> for T {
    type Then<Y> = Y;
    type Flow<S: Shape, F: Flow<S, T>> = F;
    #[inline(always)]
    fn known<S: Shape, F: Flow<S, T>>(x: Storage<T>, flow: F) -> (Storage<T>, F) {
        (x, flow)
    }
}

/// The flow `F` of a tensor of shape `X` with elements `A`, where a module takes the shape `S` and elements `I`.
pub(crate) type Taken<X, A, F, S, I> = <A as ElementIs<I>>::Flow<S, <X as ShapeIs<S>>::Flow<A, F>>;

impl<X: Shape, A: Element, C, F: Flow<X, A>> Tensor<X, A, Graph<C, F>> {
    /// The elements and the flow under the names that a module has for their types.
    #[inline(always)]
    pub(crate) fn taken<S: Shape, I: Element>(self) -> (Storage<I>, Taken<X, A, F, S, I>)
    where
        X: ShapeIs<S>,
        A: ElementIs<I>,
    {
        let (data, flow) = self.into_parts();
        A::known(data, X::flow(flow))
    }
}
