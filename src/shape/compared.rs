//! The shapes of two tensors that are compared: a prediction and its target.

use super::rank::for_each_rank;
use super::same::equal_sizes;
use super::{Const, Dim, DimExpr, ElementsOfAnotherType, Expr, Law, Message, Shape};
use std::marker::PhantomData;

/// A tensor of size `Self` along an axis is compared with one of size `D`. A literal takes its own size, so that the type
/// of a target such as `Tensor::ones()` follows from it; a computed size takes any, and is compared when the program is built.
#[doc(hidden)]
pub trait TakesSize<D> {
    /// `Self`.
    type Itself;
}

impl<const N: usize> TakesSize<Const<N>> for Const<N> {
    type Itself = Self;
}
impl<F: DimExpr, D: Dim> TakesSize<D> for Expr<F> {
    type Itself = Self;
}
impl TakesSize<ElementsOfAnotherType> for ElementsOfAnotherType {
    type Itself = Self;
}

/// A tensor of shape `Self` is compared with one of shape `T`: the shapes are equal. Computed sizes of `Self` are compared
/// when the program is built.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` is compared with one of shape `{T}`",
    label = "not the shape `{T}`",
    note = "nothing is broadcast; of computed sizes `x.with_shape()`"
)]
pub trait TakesTarget<T> {}

/// Two tuples of as many dimensions.
macro_rules! impl_takes_target {
    ($($dim:ident)*) => {
        impl_takes_target!(@pairs [] [$($dim)*] G H I J K L);
    };
    (@pairs [$($pair:tt)*] [$dim:ident $($rest:ident)*] $other:ident $($more:ident)*) => {
        impl_takes_target!(@pairs [$($pair)* ($dim $other)] [$($rest)*] $($more)*);
    };
    (@pairs [$(($dim:ident $other:ident))*] [] $($unused:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: TakesSize<$other>,)* $($other,)*> TakesTarget<($($other,)*)> for ($($dim,)*) {}
    };
}
for_each_rank!(impl_takes_target);

/// The sizes of two tensors that are compared, of which some are computed.
pub struct Compared<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for Compared<S, T> {
    const WRONG: Option<Message> = {
        if S::LOST || T::LOST || equal_sizes(S::SIZES, T::SIZES) {
            None
        } else {
            let message = Message::new()
                .text("a tensor of shape ")
                .sizes(S::SIZES)
                .text(" is compared with one of shape ")
                .sizes(T::SIZES);
            Some(message)
        }
    };
}
