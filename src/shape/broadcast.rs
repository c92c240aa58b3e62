//! Broadcasting: the shapes of element-wise operations.

use super::rank::for_each_rank;
use super::{Dim, Shape};

/// `Self` and `R` can be the operands of an element-wise operation.
///
/// Equal shapes can, and a shape that lacks leading axes of the other: a bias `[O]` meets `[B, O]`. An axis of
/// size 1 is stretched only by [`expand`](crate::Tensor::expand).
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` and one of shape `{R}` do not fit element by element",
    label = "this has shape `{R}`",
    note = "the shapes must be equal, or one must lack leading axes of the other",
    note = "to stretch an axis of size 1, write `.expand()` behind the smaller operand"
)]
pub trait Broadcast<R>: Shape {
    /// The shape of the result: the longer of the two.
    type Output: Shape;
}

#[diagnostic::do_not_recommend]
impl<S: Shape> Broadcast<S> for S {
    type Output = S;
}

/// A longer shape meets each of its proper ends, on either side.
macro_rules! impl_broadcast {
    ($($dim:ident)*) => {
        impl_broadcast!(@ends [] $($dim)*);
    };
    (@ends [$($front:ident)*] $next:ident $($end:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $next: Dim, $($end: Dim),*> Broadcast<($($end,)*)> for ($($front,)* $next, $($end,)*) {
            type Output = Self;
        }
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $next: Dim, $($end: Dim),*> Broadcast<($($front,)* $next, $($end,)*)> for ($($end,)*) {
            type Output = ($($front,)* $next, $($end,)*);
        }
        impl_broadcast!(@ends [$($front)* $next] $($end)*);
    };
    (@ends [$($front:ident)*]) => {};
}
for_each_rank!(impl_broadcast);

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
    };
}
for_each_rank!(impl_same_rank);
