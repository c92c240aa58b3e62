//! Lists of axes, as types: which axes an operation reduces, or the order of `permute`. Negative axes count from
//! the back.

use super::rank::{for_each_rank, one};
use super::{Axis, Const, Dim, HasAxis, Shape};

/// One axis.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes1<const A: isize>;
/// Two axes. A reduction takes them from the front to the back.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::<Rank3<2, 3, 4>>::ones();
/// assert_eq!(x.sum_axes::<Axes2<0, -1>>(), Tensor::from([8.0, 8.0, 8.0]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes2<const A: isize, const B: isize>;
/// Three axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes3<const A: isize, const B: isize, const C: isize>;
/// Four axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes4<const A: isize, const B: isize, const C: isize, const D: isize>;
/// Five axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes5<const A: isize, const B: isize, const C: isize, const D: isize, const E: isize>;
/// Six axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes6<
    const A: isize,
    const B: isize,
    const C: isize,
    const D: isize,
    const E: isize,
    const F: isize,
>;

/// `Self` has the axes `A`, which are named once each, from the front to the back: [`Axes1`] to [`Axes6`].
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` has no axes `{A}`",
    label = "these are not axes of the tensor",
    note = "several axes are written as a type: `Axes2<0, 2>`, `Axes3<0, 2, 3>`"
)]
pub trait Axes<A>: Shape {
    /// The shape without these axes.
    type Removed: Shape;
    /// The shape with size 1 at these axes: PyTorch's `keepdim=True`.
    type Kept: Shape;
    /// The positions of the axes, from the front.
    const POSITIONS: &'static [usize];
}

/// The shapes without axes, which are given by their positions, from the front to the back. Written as positions
/// so that negative axes need no rows of their own; see [`Axes`].
#[diagnostic::on_unimplemented(
    message = "axes are named once each, from the front to the back: the positions `{P}` are not in order",
    label = "these axes are not in order"
)]
pub trait AxesAt<P>: Shape {
    /// The shape without the axes.
    type Removed: Shape;
    /// The shape with size 1 at the axes.
    type Kept: Shape;
}

/// Adds the axes one by one: `S` is the shape as the axes before know it, see [`HasAxis::Itself`].
macro_rules! impl_axes_type {
    ($axes:ident $($i:ident)*) => {
        impl_axes_type!(@next $axes [$($i)*] [S] [] [] $($i)*);
    };
    (@next $axes:ident $all:tt [$s:ty] [$($bounds:tt)*] [$($position:ty)*] $i:ident $($rest:ident)*) => {
        impl_axes_type!(@next $axes $all [<$s as HasAxis<$i>>::Itself] [$($bounds)* $s: Axis<$i>,]
            [$($position)* <$s as HasAxis<$i>>::AxisPosition] $($rest)*);
    };
    (@next $axes:ident [$($i:ident)*] [$s:ty] [$($bounds:tt)*] [$($position:ty)*]) => {
        #[diagnostic::do_not_recommend]
        impl<S, $(const $i: isize),*> Axes<$axes<$($i),*>> for S
        where
            S: Shape,
            $($bounds)*
            $s: AxesAt<($($position,)*)>,
        {
            type Removed = <$s as AxesAt<($($position,)*)>>::Removed;
            type Kept = <$s as AxesAt<($($position,)*)>>::Kept;
            const POSITIONS: &'static [usize] = &[$(<$position as Dim>::SIZE),*];
        }
    };
}
impl_axes_type!(Axes1 I);
impl_axes_type!(Axes2 I J);
impl_axes_type!(Axes3 I J K);
impl_axes_type!(Axes4 I J K L);
impl_axes_type!(Axes5 I J K L M);
impl_axes_type!(Axes6 I J K L M N);

/// Iterates over the dimensions of a rank, keeps or removes each, and implements the trait for each choice.
macro_rules! impl_axes_at {
    ($($dim:ident)*) => {
        impl_axes_at!(@walk [] [] [] [] $($dim)*);
    };
    (@walk [$($seen:ident)*] [$($position:block)*] [$($removed:tt)*] [$($kept:tt)*] $this:ident $($rest:ident)*) => {
        impl_axes_at!(@walk [$($seen)* $this] [$($position)*]
            [$($removed)* $this,] [$($kept)* $this,] $($rest)*);
        impl_axes_at!(@walk [$($seen)* $this] [$($position)* { 0 $(+ one!($seen))* }]
            [$($removed)*] [$($kept)* Const<1>,] $($rest)*);
    };
    (@walk [$($seen:ident)*] [] $removed:tt $kept:tt) => {};
    (@walk [$($seen:ident)*] [$($position:block)*] [$($removed:tt)*] [$($kept:tt)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($seen: Dim),*> AxesAt<($(Const<$position>,)*)> for ($($seen,)*) {
            type Removed = ($($removed)*);
            type Kept = ($($kept)*);
        }
    };
}
for_each_rank!(impl_axes_at);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2, Rank4, Rank6};
    use std::any::TypeId;

    fn same<A: 'static, B: 'static>() -> bool {
        TypeId::of::<A>() == TypeId::of::<B>()
    }

    #[test]
    fn several_axes_are_removed_or_kept_with_size_one() {
        type S = Rank4<2, 3, 4, 5>;
        assert!(same::<<S as Axes<Axes2<1, 3>>>::Removed, Rank2<2, 4>>());
        assert!(same::<<S as Axes<Axes2<-3, -1>>>::Kept, Rank4<2, 1, 4, 1>>());
        assert!(same::<<S as Axes<Axes3<0, 2, 3>>>::Removed, Rank1<3>>());
        assert!(same::<<S as Axes<Axes4<0, 1, 2, 3>>>::Removed, ()>());
        assert!(same::<<S as Axes<Axes1<-1>>>::Kept, Rank4<2, 3, 4, 1>>());
        assert_eq!(<S as Axes<Axes3<0, -2, -1>>>::POSITIONS, [0, 2, 3]);
        assert!(same::<<Rank6<1, 2, 3, 4, 5, 6> as Axes<Axes4<0, 2, 3, 5>>>::Removed, Rank2<2, 5>>());
    }
}
