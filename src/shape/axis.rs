//! Axes, counted from the front or, negative, from the back, as PyTorch's `dim`.

use super::rank::{for_each_rank, one};
use super::{Const, Dim, Expr, Less, Part, Shape};

/// `Self` has an axis `I`, where `-1` is the last one.
///
/// The trait answers what an operation along that axis needs: the dimension, and the shapes without it, with
/// size 1 in its place (`keepdim`), and with another dimension in its place.
#[diagnostic::on_unimplemented(
    message = "axis {I} is out of range for a tensor of shape `{Self}`",
    label = "no axis {I} here",
    note = "axes count from 0 at the front, and from -1 at the back"
)]
pub trait Axis<const I: isize>:
    HasAxis<
        I,
        RemovedAxis = Self::Removed,
        KeptAxis = Self::Kept,
        AxisPosition = Self::Position,
        AxisDim = Self::Dim,
        HalvedAxis = Self::Halved,
        ShortenedAxis = Self::Shortened,
    >
{
    /// The dimension of this axis.
    type Dim: Dim;
    /// The shape without this axis.
    type Removed: Shape;
    /// The shape with size 1 at this axis: PyTorch's `keepdim=True`.
    type Kept: Shape;
    /// The shape with the dimension `N` at this axis.
    type With<N: Dim>: Shape;
    /// The shape with half of this axis.
    #[doc(hidden)]
    type Halved: Shape;
    /// The shape with this axis shorter by 1.
    #[doc(hidden)]
    type Shortened: Shape;
    /// The position of this axis, from the front, as a type: `Const<0>` to `Const<5>`.
    type Position: Dim;
    /// The number of elements of the axes before this one.
    const OUTER: usize;
    /// The number of elements of the axes after this one.
    const INNER: usize;
}

/// The types of [`Axis`] again, for signatures. Where no axis is written, as in `x.sum_axis()`, rustc reports each type in the
/// signature that depends on it, unless the bound `S: Axis<I>` says what it is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "axis {I} is out of range for a tensor of shape `{Self}`",
    label = "no axis {I} here",
    note = "axes count from 0 at the front, and from -1 at the back"
)]
pub trait HasAxis<const I: isize>: Shape {
    type AxisDim: Dim;
    type RemovedAxis: Shape;
    type KeptAxis: Shape;
    type WithAxis<N: Dim>: Shape;
    type HalvedAxis: Shape;
    type ShortenedAxis: Shape;
    type AxisPosition: Dim;
    /// `Self`. Where the bound of another axis is one of it, and not of `Self`, rustc reports the first axis that is out of range
    /// and nothing else.
    type Itself: Shape;
    const BEFORE: usize;
    const AFTER: usize;
}

/// Implements `Axis` for the numbers of axes, and for some that no tensor has: an error of each is one of `HasAxis`, without a second
/// one of `Axis`.
macro_rules! impl_axis {
    ($($index:expr),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<S: HasAxis<{ $index }>> Axis<{ $index }> for S {
            type Dim = S::AxisDim;
            type Removed = S::RemovedAxis;
            type Kept = S::KeptAxis;
            type With<N: Dim> = S::WithAxis<N>;
            type Halved = S::HalvedAxis;
            type Shortened = S::ShortenedAxis;
            type Position = S::AxisPosition;
            const OUTER: usize = S::BEFORE;
            const INNER: usize = S::AFTER;
        }
    )* };
}
impl_axis!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10);

/// The number of an axis that no tensor has.
pub(crate) const fn no_axis(number: isize) -> isize {
    isize::MIN + number
}

/// Implements axes that no tensor has. Where no axis is written, rustc lists the axes of a shape in an error of its own, unless
/// they are more than five.
macro_rules! no_axes {
    ($($number:literal: $([$($dim:ident)*])*;)*) => { $(
        impl_axis!(no_axis($number));
        $(no_axes!(@one [$($dim)*] { no_axis($number) });)*
    )* };
    (@one [$($dim:ident)*] $index:block) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim),*> HasAxis<$index> for ($($dim,)*) {
            type AxisDim = Const<1>;
            type RemovedAxis = Self;
            type KeptAxis = Self;
            type WithAxis<N: Dim> = Self;
            type HalvedAxis = Self;
            type ShortenedAxis = Self;
            type AxisPosition = Const<0>;
            type Itself = Self;
            const BEFORE: usize = panic!("axes count from 0 at the front, and from -1 at the back");
            const AFTER: usize = panic!("axes count from 0 at the front, and from -1 at the back");
        }
    };
}
no_axes! {
    0: [] [A] [A B];
    1: [] [A] [A B];
    2: [] [A];
    3: [] [A];
    4: [];
    5: [];
}

/// A shape into which an axis can be inserted at position `I`, as in `unsqueeze` and `stack`.
#[diagnostic::on_unimplemented(
    message = "no new axis can be put at position {I} of the shape `{Self}`",
    label = "position {I} is out of range, or the result would have more than six axes",
    note = "positions count from 0 at the front, and from -1, after the last axis, at the back; for `movedim` the shape is without the moved axis"
)]
pub trait InsertAxis<const I: isize>: HasPosition<I, Unsqueezed = Self::Inserted<Const<1>>> {
    /// The shape with the dimension `N` inserted.
    type Inserted<N: Dim>: Shape;
    /// The number of elements of the axes before the new one.
    const OUTER: usize;
    /// The number of elements of the axes after the new one.
    const INNER: usize;
}

/// The types of [`InsertAxis`] again, as [`HasAxis`] for [`Axis`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no new axis can be put at position {I} of the shape `{Self}`",
    label = "position {I} is out of range, or the result would have more than six axes",
    note = "positions count from 0 at the front, and from -1, after the last axis, at the back; for `movedim` the shape is without the moved axis"
)]
pub trait HasPosition<const I: isize>: Shape {
    type InsertedAxis<N: Dim>: Shape;
    type Unsqueezed: Shape;
    const BEFORE: usize;
    const AFTER: usize;
}

/// Implements `InsertAxis` for the numbers of positions, and for more, as `impl_axis`.
macro_rules! impl_insert_axis {
    ($($index:expr),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<S> InsertAxis<{ $index }> for S
        where
            S: HasPosition<{ $index }, Unsqueezed = <S as HasPosition<{ $index }>>::InsertedAxis<Const<1>>>,
        {
            type Inserted<N: Dim> = S::InsertedAxis<N>;
            const OUTER: usize = S::BEFORE;
            const INNER: usize = S::AFTER;
        }
    )* };
}
impl_insert_axis!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10);

/// Implements positions that no shape has, as `no_axes`.
macro_rules! no_positions {
    ($($number:literal: $([$($dim:ident)*])*;)*) => { $(
        impl_insert_axis!(no_axis($number));
        $(no_positions!(@one [$($dim)*] { no_axis($number) });)*
    )* };
    (@one [$($dim:ident)*] $index:block) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim),*> HasPosition<$index> for ($($dim,)*) {
            type InsertedAxis<N: Dim> = Self;
            type Unsqueezed = Self;
            const BEFORE: usize = panic!("positions count from 0 at the front, and from -1 at the back");
            const AFTER: usize = panic!("positions count from 0 at the front, and from -1 at the back");
        }
    };
}
no_positions! {
    0: [] [A] [A B C D E F];
    1: [] [A] [A B C D E F];
    2: [];
    3: [];
}

/// The shape with the axes at two positions exchanged. Written as positions so that negative axes need no
/// rows of their own; see [`Transpose`].
pub trait SwapPositions<P, Q>: Shape {
    /// The shape after the exchange.
    type Swapped: Shape;
}

/// The axes `I` and `J` of `Self` can be exchanged.
#[diagnostic::on_unimplemented(
    message = "the axes {I} and {J} of a tensor of shape `{Self}` cannot be exchanged"
)]
pub trait Transpose<const I: isize, const J: isize>: Transposed<I, J, Swapped = Self::Transposed> {
    /// The shape after the exchange.
    type Transposed: Shape;
    /// The two positions, from the front.
    const POSITIONS: (usize, usize);
}

/// The type of [`Transpose`] again, as [`HasAxis`] for [`Axis`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the axes {I} and {J} of a tensor of shape `{Self}` cannot be exchanged"
)]
pub trait Transposed<const I: isize, const J: isize>: Shape {
    type Swapped: Shape;
}

/// Implements `Transpose` for the numbers of the first axis, so that rustc reports only the numbers where they are missing. The
/// result is that of the trait and the shape at the end.
macro_rules! impl_transpose {
    ($($index:expr),*) => {
        $(impl_transpose!(@one { $index } where {
            S: Axis<{ $index }> + Axis<J> + SwapPositions<<S as Axis<{ $index }>>::Position, <S as Axis<J>>::Position>,
        } {
            <S as SwapPositions<<S as Axis<{ $index }>>::Position, <S as Axis<J>>::Position>>::Swapped
        } (<<S as Axis<{ $index }>>::Position as Dim>::SIZE, <<S as Axis<J>>::Position as Dim>::SIZE));)*
    };
    (none $($number:literal),*) => {
        $(impl_transpose!(@one { no_axis($number) } where { S: Shape } { S }
            panic!("axes count from 0 at the front, and from -1 at the back"));)*
    };
    (@one $index:block where { $($bounds:tt)* } { $swapped:ty } $positions:expr) => {
        impl<S, const J: isize> Transposed<$index, J> for S
        where
            $($bounds)*
        {
            type Swapped = $swapped;
        }
        impl<S, const J: isize> Transpose<$index, J> for S
        where
            $($bounds)*
        {
            type Transposed = $swapped;
            const POSITIONS: (usize, usize) = $positions;
        }
    };
}
impl_transpose!(0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6);
impl_transpose!(none 0, 1, 2, 3, 4, 5);

/// Iterates over the dimensions of a rank, with those before and those after each of them.
macro_rules! impl_axes {
    () => {
        impl_axes!(@insert [] []);
    };
    ($($dim:ident)+) => {
        impl_axes!(@walk [] $($dim)+);
    };
    (@walk [$($before:ident)*] $this:ident $($after:ident)*) => {
        impl_axes!(@axis { 0 $(+ one!($before))* } [$($before)*] $this [$($after)*]);
        impl_axes!(@axis { -1 $(- one!($after))* } [$($before)*] $this [$($after)*]);
        impl_axes!(@insert [$($before)*] [$this $($after)*]);
        impl_axes!(@swap_self [$($before)*] $this [$($after)*]);
        impl_axes!(@swaps [$($before)*] $this [] $($after)*);
        impl_axes!(@walk [$($before)* $this] $($after)*);
    };
    (@walk [$($before:ident)*]) => {
        impl_axes!(@insert [$($before)*] []);
    };
    (@axis $index:block [$($before:ident)*] $this:ident [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $this: Dim, $($after: Dim),*> HasAxis<$index> for ($($before,)* $this, $($after,)*) {
            type AxisDim = $this;
            type RemovedAxis = ($($before,)* $($after,)*);
            type KeptAxis = ($($before,)* Const<1>, $($after,)*);
            type WithAxis<N: Dim> = ($($before,)* N, $($after,)*);
            type HalvedAxis = Self::WithAxis<Expr<Part<$this, 2>>>;
            type ShortenedAxis = Self::WithAxis<Expr<Less<$this, 1>>>;
            type AxisPosition = Const<{ 0 $(+ one!($before))* }>;
            type Itself = Self;
            const BEFORE: usize = 1 $(* $before::SIZE)*;
            const AFTER: usize = 1 $(* $after::SIZE)*;
        }
    };
    // Rank 6 takes no seventh axis.
    (@insert [$a:ident $b:ident $c:ident $d:ident $e:ident $f:ident] []) => {};
    (@insert [$($before:ident)*] [$($after:ident)*]) => {
        impl_axes!(@insert_at { 0 $(+ one!($before))* } [$($before)*] [$($after)*] [$($before)* $($after)*]);
        impl_axes!(@insert_at { -1 $(- one!($after))* } [$($before)*] [$($after)*] [$($before)* $($after)*]);
    };
    (@insert_at $index:block [$($before:ident)*] [$($after:ident)*] [A B C D E F]) => {};
    (@insert_at $index:block [$($before:ident)*] [$($after:ident)*] [$($all:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($all: Dim),*> HasPosition<$index> for ($($all,)*) {
            type InsertedAxis<N: Dim> = ($($before,)* N, $($after,)*);
            type Unsqueezed = Self::InsertedAxis<Const<1>>;
            const BEFORE: usize = 1 $(* $before::SIZE)*;
            const AFTER: usize = 1 $(* $after::SIZE)*;
        }
    };
    (@swap_self [$($before:ident)*] $this:ident [$($after:ident)*]) => {
        impl<$($before: Dim,)* $this: Dim, $($after: Dim),*>
            SwapPositions<Const<{ 0 $(+ one!($before))* }>, Const<{ 0 $(+ one!($before))* }>>
            for ($($before,)* $this, $($after,)*)
        {
            type Swapped = Self;
        }
    };
    (@swaps [$($before:ident)*] $this:ident [$($between:ident)*] $that:ident $($after:ident)*) => {
        impl_axes!(@swap { 0 $(+ one!($before))* } { 1 $(+ one!($before))* $(+ one!($between))* }
            [$($before)*] $this [$($between)*] $that [$($after)*]);
        impl_axes!(@swap { 1 $(+ one!($before))* $(+ one!($between))* } { 0 $(+ one!($before))* }
            [$($before)*] $this [$($between)*] $that [$($after)*]);
        impl_axes!(@swaps [$($before)*] $this [$($between)* $that] $($after)*);
    };
    (@swaps [$($before:ident)*] $this:ident [$($between:ident)*]) => {};
    (@swap $p:block $q:block [$($before:ident)*] $this:ident [$($between:ident)*] $that:ident [$($after:ident)*]) => {
        impl<$($before: Dim,)* $this: Dim, $($between: Dim,)* $that: Dim, $($after: Dim),*>
            SwapPositions<Const<$p>, Const<$q>> for ($($before,)* $this, $($between,)* $that, $($after,)*)
        {
            type Swapped = ($($before,)* $that, $($between,)* $this, $($after,)*);
        }
    };
}
for_each_rank!(impl_axes);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2, Rank3, Rank4, Rank5, Rank6};
    use std::any::TypeId;

    fn same<A: 'static, B: 'static>() -> bool {
        TypeId::of::<A>() == TypeId::of::<B>()
    }

    #[test]
    fn negative_axes_count_from_the_back() {
        type S = Rank3<2, 3, 4>;
        assert!(same::<<S as Axis<1>>::Dim, Const<3>>() && same::<<S as Axis<-2>>::Dim, Const<3>>());
        assert!(
            same::<<S as Axis<0>>::Removed, Rank2<3, 4>>() && same::<<S as Axis<-3>>::Removed, Rank2<3, 4>>()
        );
        assert!(same::<<S as Axis<-1>>::Kept, Rank3<2, 3, 1>>());
        assert!(same::<<S as Axis<1>>::With<Const<9>>, Rank3<2, 9, 4>>());
        assert_eq!((<S as Axis<1>>::OUTER, <S as Axis<1>>::INNER), (2, 4));
        assert!(same::<<Rank1<5> as Axis<-1>>::Removed, ()>());
    }

    #[test]
    fn an_axis_can_be_put_at_every_position_up_to_rank_six() {
        assert!(same::<<() as InsertAxis<0>>::Inserted<Const<7>>, Rank1<7>>());
        assert!(same::<<Rank2<1, 2> as InsertAxis<2>>::Inserted<Const<7>>, Rank3<1, 2, 7>>());
        assert!(same::<<Rank2<1, 2> as InsertAxis<-1>>::Inserted<Const<7>>, Rank3<1, 2, 7>>());
        assert!(same::<<Rank2<1, 2> as InsertAxis<-3>>::Inserted<Const<7>>, Rank3<7, 1, 2>>());
        assert!(
            same::<<Rank5<1, 2, 3, 4, 5> as InsertAxis<5>>::Inserted<Const<7>>, Rank6<1, 2, 3, 4, 5, 7>>()
        );
    }

    #[test]
    fn any_two_axes_can_be_exchanged() {
        assert!(same::<<Rank4<1, 2, 3, 4> as Transpose<0, -1>>::Transposed, Rank4<4, 2, 3, 1>>());
        assert!(same::<<Rank4<1, 2, 3, 4> as Transpose<2, 1>>::Transposed, Rank4<1, 3, 2, 4>>());
        assert!(same::<<Rank4<1, 2, 3, 4> as Transpose<1, -3>>::Transposed, Rank4<1, 2, 3, 4>>());
    }
}
