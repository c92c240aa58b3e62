//! Broadcasting: the shapes of element-wise operations.

use super::rank::for_each_rank;
use super::{Dim, Law, Message, SameSize, Shape};
use std::marker::PhantomData;

/// `Self` and `R` can be the operands of an element-wise operation.
///
/// Equal shapes can, and a shape that lacks leading axes of the other: a bias `[O]` broadcasts to `[B, O]`. A computed size
/// is accepted with any other, and compared with it when the program is built. An axis of size 1 is stretched only by
/// [`expand`](crate::Tensor::expand).
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` and one of shape `{R}` do not broadcast",
    label = "this has shape `{R}`",
    note = "the shapes must be equal, or one must lack leading axes of the other",
    note = "an axis of size 1 is stretched by `y.expand()`, removed by `x.squeeze::<-1>()`, inserted by `x.unsqueeze::<-1>()`"
)]
pub trait Broadcast<R> {
    /// The shape of the result: the longer of the two, with the literal where one of two sizes is computed.
    type Broadcasted: Shape;
}

/// Two shapes of one rank, and a longer shape with each of its proper ends, on either side. Equal generic shapes meet
/// because each [`Shape`] is required to meet itself.
macro_rules! impl_broadcast {
    ($($dim:ident)*) => {
        impl_broadcast!(@pairs [] [$($dim)*] G H I J K L);
    };
    // A second letter for each dimension.
    (@pairs [$($pair:tt)*] [$dim:ident $($rest:ident)*] $other:ident $($more:ident)*) => {
        impl_broadcast!(@pairs [$($pair)* ($dim $other)] [$($rest)*] $($more)*);
    };
    (@pairs [$($pair:tt)*] [] $($unused:ident)*) => {
        impl_broadcast!(@equal $($pair)*);
        impl_broadcast!(@ends [] $($pair)*);
    };
    (@equal $(($dim:ident $other:ident))*) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim + SameSize<$other>,)* $($other: Dim,)*> Broadcast<($($other,)*)> for ($($dim,)*) {
            type Broadcasted = ($(<$dim as SameSize<$other>>::Common,)*);
        }
    };
    (@ends [$($front:ident)*] ($next:ident $unused:ident) $(($dim:ident $other:ident))*) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $next: Dim, $($dim: Dim + SameSize<$other>,)* $($other: Dim,)*>
            Broadcast<($($other,)*)> for ($($front,)* $next, $($dim,)*)
        {
            type Broadcasted = ($($front,)* $next, $(<$dim as SameSize<$other>>::Common,)*);
        }
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $next: Dim, $($dim: Dim + SameSize<$other>,)* $($other: Dim,)*>
            Broadcast<($($front,)* $next, $($other,)*)> for ($($dim,)*)
        {
            type Broadcasted = ($($front,)* $next, $(<$dim as SameSize<$other>>::Common,)*);
        }
        impl_broadcast!(@ends [$($front)* $next] $(($dim $other))*);
    };
    (@ends [$($front:ident)*]) => {};
}
for_each_rank!(impl_broadcast);

/// Whether the sizes of a shape are those at the end of the other one.
const fn meet(a: &[usize], b: &[usize]) -> bool {
    let shorter = if a.len() < b.len() { a.len() } else { b.len() };
    let mut equal = true;
    let mut i = 1;
    while equal && i <= shorter {
        equal = a[a.len() - i] == b[b.len() - i];
        i += 1;
    }
    equal
}

/// The sizes of two operands, of which some are computed.
pub(crate) struct Meet<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for Meet<S, T> {
    const WRONG: Option<Message> = if meet(S::SIZES, T::SIZES) {
        None
    } else {
        let message = Message::new()
            .text("a tensor of shape ")
            .sizes(S::SIZES)
            .text(" and one of shape ")
            .sizes(T::SIZES)
            .text(" do not broadcast");
        Some(message)
    };
}

/// `Self` and `T` have as many axes.
#[diagnostic::on_unimplemented(
    message = "`expand` keeps the number of axes: a tensor of shape `{Self}` cannot be stretched to shape `{T}`",
    label = "the other side has shape `{T}`",
    note = "leading axes that are missing need no `expand`; a missing axis elsewhere is put in with `unsqueeze::<AXIS>()`"
)]
pub trait SameRank<T>: Shape {}

/// Two tuples of as many dimensions.
macro_rules! impl_same_rank {
    ($($dim:ident)*) => {
        impl_same_rank!(@pair [$($dim)*] [] [$($dim)*] G H I J K L);
    };
    (@pair $all:tt [$($other:ident)*] [$dim:ident $($rest:ident)*] $next:ident $($more:ident)*) => {
        impl_same_rank!(@pair $all [$($other)* $next] [$($rest)*] $($more)*);
    };
    (@pair [$($dim:ident)*] [$($other:ident)*] [] $($unused:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim,)* $($other: Dim),*> SameRank<($($other,)*)> for ($($dim,)*) {}

        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim,)* $($other: Dim),*> Unstretched<($($other,)*)> for ($($dim,)*) {}
    };
}
for_each_rank!(impl_same_rank);

/// The shape `Self` of a result has as many axes as `S`: no operand stretches the tensor. Equal sizes are those that broadcast.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the result has the shape of the tensor, `{S}`, but an operand stretches it to `{Self}`",
    label = "of the two shapes, that of the tensor must be the larger one",
    note = "`x.broadcast_to::<Rank2<8, 4>>()` is a tensor of the larger shape"
)]
pub trait Unstretched<S> {}
