//! Two shapes compared when the program is built.

use super::{Law, Message, Shape};
use std::marker::PhantomData;

/// `Self` is `T`.
#[diagnostic::on_unimplemented(
    message = "the input has the shape `{Self}`, and this module takes `{T}`",
    label = "an input of shape `{Self}`, where `{T}` is taken",
    note = "`Len<_>` is any size; `x.reshape::<S>()` and `x.unsqueeze::<0>()` make another shape of an input"
)]
pub trait ShapeIs<T> {}
impl<T> ShapeIs<T> for T {}

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
