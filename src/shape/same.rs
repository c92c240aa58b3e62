//! Two shapes compared when the program is built.

use super::{Law, Message, Shape};
use std::marker::PhantomData;

/// `Self` is `T`.
#[diagnostic::on_unimplemented(
    message = "the input has the shape `{Self}`, and this module takes `{T}`",
    label = "an input of shape `{Self}`, where `{T}` is taken",
    note = "`Len<_>` is any size; `x.reshape::<S>()` and `x.unsqueeze::<0>()` make another shape of an input"
)]
pub trait ShapeIs<T> {
    /// `Y`, where `Self` is `T`: see [`Known`].
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
}
impl<T> ShapeIs<T> for T {
    type Then<Y> = Y;
}

/// Any type. The type of a result is written `<T as Known>::Then<Y>`, which is `Y`: where `T` is the result of a bound that
/// does not hold, rustc knows neither of the two, and does not report the mistake again at each use of the result.
#[doc(hidden)]
pub trait Known {
    /// `Y`.
    type Then<Y>: Is<Y>;
}
impl<T> Known for T {
    type Then<Y> = Y;
}

/// `Self` is `Y`.
#[doc(hidden)]
pub trait Is<Y> {
    #[doc(hidden)]
    fn of(y: Y) -> Self;
}
impl<Y> Is<Y> for Y {
    #[inline(always)]
    fn of(y: Y) -> Y {
        y
    }
}

/// `Y`, the result of shape `T` of a module that takes `S` and is given `X`.
#[doc(hidden)]
pub type WhereItFits<X, S, T, Y> = <X as ShapeIs<S>>::Then<<T as Known>::Then<Y>>;

/// The element counts of two shapes.
pub(crate) struct SameCount<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for SameCount<S, T> {
    const WRONG: Option<Message> = if S::NUMEL == T::NUMEL {
        None
    } else {
        let message = Message::new()
            .text("reshape must keep the element count: the tensor has ")
            .number(S::NUMEL)
            .text(" elements, of shape ")
            .sizes(S::SIZES)
            .text(", the new shape ")
            .sizes(T::SIZES)
            .text(" has ")
            .number(T::NUMEL);
        Some(message)
    };
}

/// The sizes of two shapes, axis by axis.
pub(crate) struct SameSizes<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for SameSizes<S, T> {
    const WRONG: Option<Message> = {
        let mut equal = S::RANK == T::RANK;
        let mut i = 0;
        while equal && i < S::RANK {
            equal = S::SIZES[i] == T::SIZES[i];
            i += 1;
        }
        if equal {
            None
        } else {
            let message = Message::new()
                .text("with_shape must keep the sizes: the tensor has ")
                .sizes(S::SIZES)
                .text(", the new shape has ")
                .sizes(T::SIZES);
            Some(message)
        }
    };
}
