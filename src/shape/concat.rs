//! Concatenation: the shapes of `cat` and `stack`.

use super::rank::for_each_rank;
use super::{Axis, Compared, Dim, Expr, InsertAxis, Law, Message, SameSize, Shape, Sum, TakesTarget};
use std::marker::PhantomData;

/// A tensor of shape `Self` and one of shape `B` can be concatenated along the axis `I`: all other dimensions are
/// equal. A computed size is compared with the other one when the program is built.
#[diagnostic::on_unimplemented(
    message = "cat along axis {I}: shapes `{Self}` and `{B}` must have this axis, and be equal at all others",
    label = "axis {I} is missing, or another axis differs",
    note = "an axis of size 1 stretches by `x.broadcast_to::<S>()`, of a parameter inside `forward` by `self.p.traced::<M>().broadcast_to::<S>()`"
)]
pub trait CatWith<const I: isize, B>: Axis<I> {
    /// The shape of the result: the sum of the two dimensions at the axis `I`.
    type Output: Shape;
    /// Whether computed sizes are equal to those of the other shape.
    const EQUAL: bool;
}

/// A tensor of shape `Self` and one of shape `B` can be stacked at position `I`: the shapes are equal.
#[diagnostic::on_unimplemented(
    message = "stack: a tensor of shape `{Self}` and one of shape `{B}` have different shapes",
    label = "all tensors of a stack must have the shape of the first; of computed sizes `x.with_shape()`"
)]
pub trait StackWith<const I: isize, B>: InsertAxis<I> {}

#[diagnostic::do_not_recommend]
impl<S: InsertAxis<I> + TakesTarget<B>, B, const I: isize> StackWith<I, B> for S {}

/// One row for each axis, counted from the front and from the back.
macro_rules! impl_cat {
    () => {};
    ($($dim:ident)+) => {
        impl_cat!(@pairs [] [$($dim)+] G H I J K L);
    };
    // A second letter for each dimension.
    (@pairs [$($pair:tt)*] [$dim:ident $($rest:ident)*] $other:ident $($more:ident)*) => {
        impl_cat!(@pairs [$($pair)* ($dim $other)] [$($rest)*] $($more)*);
    };
    (@pairs [$($pair:tt)*] [] $($unused:ident)*) => {
        impl_cat!(@walk [] $($pair)*);
    };
    (@walk [$($before:tt)*] $this:tt $($after:tt)*) => {
        impl_cat!(@row { 0 $(+ impl_cat!(@one $before))* } [$($before)*] $this [$($after)*]);
        impl_cat!(@row { -1 $(- impl_cat!(@one $after))* } [$($before)*] $this [$($after)*]);
        impl_cat!(@walk [$($before)* $this] $($after)*);
    };
    (@walk [$($before:tt)*]) => {};
    (
        @row $index:block
        [$(($before:ident $other_before:ident))*] ($this:ident $that:ident) [$(($after:ident $other_after:ident))*]
    ) => {
        #[diagnostic::do_not_recommend]
        impl<
            $($before: Dim + SameSize<$other_before>, $other_before: Dim,)*
            $this: Dim, $that: Dim,
            $($after: Dim + SameSize<$other_after>, $other_after: Dim,)*
        >
            CatWith<$index, ($($other_before,)* $that, $($other_after,)*)> for ($($before,)* $this, $($after,)*)
        {
            type Output = ($(<$before as SameSize<$other_before>>::Common,)* Expr<Sum<$this, $that>>, $(<$after as SameSize<$other_after>>::Common,)*);
            const EQUAL: bool = true $(&& <$before as SameSize<$other_before>>::EQUAL)* $(&& <$after as SameSize<$other_after>>::EQUAL)*;
        }
    };
    (@one $t:tt) => { 1 };
}
for_each_rank!(impl_cat);

/// The sizes of two tensors that are concatenated along the axis `I`, of which some are computed.
pub struct CattedSizes<S, T, const I: isize>(PhantomData<(S, T)>);

impl<S: CatWith<I, T>, T: Shape, const I: isize> Law for CattedSizes<S, T, I> {
    const WRONG: Option<Message> = if <S as CatWith<I, T>>::EQUAL {
        None
    } else {
        let message = Message::new()
            .text("cat along axis ")
            .signed(I)
            .text(": a tensor of shape ")
            .sizes(S::SIZES)
            .text(" and one of shape ")
            .sizes(T::SIZES)
            .text(" differ at another axis");
        Some(message)
    };
}

/// The sizes of two tensors that are stacked, of which some are computed.
pub struct StackedSizes<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for StackedSizes<S, T> {
    const WRONG: Option<Message> = if Compared::<S, T>::WRONG.is_none() {
        None
    } else {
        let message = Message::new()
            .text("stack: a tensor of shape ")
            .sizes(S::SIZES)
            .text(" and one of shape ")
            .sizes(T::SIZES)
            .text(" have different shapes");
        Some(message)
    };
}
