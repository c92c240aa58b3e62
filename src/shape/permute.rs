//! Orders of axes.

use super::{Axis, Const, Dim, HasAxis, Shape};

/// A tensor of shape `Self` can be permuted to the order `O`, which is one of [`Axes1`](super::Axes1) to
/// [`Axes6`](super::Axes6) and names each axis once.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an order of the axes of a tensor of shape `{Self}`",
    label = "each axis of `{Self}` must be named once",
    note = "an order names each axis once, so as many as the tensor has: `Axes3<2, 0, 1>` for three, `Axes4<0, 3, 1, 2>` for four; \
            -1 is the last axis"
)]
pub trait Permute<O>: Shape {
    /// The shape in that order.
    type Permuted: Shape;
    /// The positions of the axes, from the front.
    const POSITIONS: &'static [usize];
}

/// The position `Self` is another one than `P`.
#[doc(hidden)]
pub trait OtherThan<P> {
    /// `T`, which rustc does not know where the positions are equal, so that it does not report the mistake again.
    type Then<T: Shape>: Shape;
}

/// Each position, and those before it.
macro_rules! impl_other_than {
    ($($position:literal)+) => {
        impl_other_than!(@pairs [] $($position)+);
    };
    (@pairs [$($before:literal)*] $position:literal $($after:literal)*) => {
        $(
            impl OtherThan<Const<$before>> for Const<$position> {
                type Then<T: Shape> = T;
            }
            impl OtherThan<Const<$position>> for Const<$before> {
                type Then<T: Shape> = T;
            }
        )*
        impl_other_than!(@pairs [$($before)* $position] $($after)*);
    };
    (@pairs [$($before:literal)*]) => {};
}
impl_other_than!(0 1 2 3 4 5);

/// Adds the axes one by one, as `impl_axes_type`, with the pairs of their positions.
macro_rules! impl_permute {
    ($axes:ident $($dim:ident $index:ident)+) => {
        impl_permute!(@next $axes [$($dim)+] [$($index)+] [Self] [] [] [] $($index)+);
    };
    (
        @next $axes:ident $dims:tt $all:tt [$s:ty] [$($bounds:tt)*] [$($pair:tt)*] [$(($before:ty, $at:ident))*]
        $index:ident $($rest:ident)*
    ) => {
        impl_permute!(@next $axes $dims $all [<$s as HasAxis<$index>>::Itself] [$($bounds)* $s: Axis<$index>,]
            [$($pair)* $((<$before as HasAxis<$at>>::AxisPosition, <$s as HasAxis<$index>>::AxisPosition))*]
            [$(($before, $at))* ($s, $index)] $($rest)*);
    };
    (@next $axes:ident $dims:tt $all:tt [$s:ty] $bounds:tt [$($pair:tt)*] [$(($before:ty, $at:ident))*]) => {
        impl_permute!(@known $axes $dims $all $bounds [$($pair)*] [$(($before, $at))*]
            [($(<$before as HasAxis<$at>>::AxisDim,)*)] $($pair)*);
    };
    // The shape, known where all pairs differ.
    (
        @known $axes:ident $dims:tt $all:tt $bounds:tt $pairs:tt $axis_at:tt [$shape:ty]
        ($one:ty, $other:ty) $($pair:tt)*
    ) => {
        impl_permute!(@known $axes $dims $all $bounds $pairs $axis_at [<$one as OtherThan<$other>>::Then<$shape>] $($pair)*);
    };
    (
        @known $axes:ident [$($dim:ident)+] [$($index:ident)+] [$($bounds:tt)*] [$(($one:ty, $other:ty))*]
        [$(($before:ty, $at:ident))*] [$shape:ty]
    ) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim,)+ $(const $index: isize),+> Permute<super::$axes<$($index),+>> for ($($dim,)+)
        where
            $($bounds)*
            $($one: OtherThan<$other>,)*
        {
            type Permuted = $shape;
            const POSITIONS: &'static [usize] = &[$(<<$before as HasAxis<$at>>::AxisPosition as Dim>::SIZE),*];
        }
    };
}
impl_permute!(Axes1 A I);
impl_permute!(Axes2 A I B J);
impl_permute!(Axes3 A I B J C K);
impl_permute!(Axes4 A I B J C K D L);
impl_permute!(Axes5 A I B J C K D L E M);
impl_permute!(Axes6 A I B J C K D L E M F N);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Axes3, Rank3};
    use std::any::TypeId;

    fn same<A: 'static, B: 'static>() -> bool {
        TypeId::of::<A>() == TypeId::of::<B>()
    }

    #[test]
    fn an_order_gives_the_shape_and_the_positions() {
        type S = Rank3<2, 3, 4>;
        assert!(same::<<S as Permute<Axes3<2, 0, -2>>>::Permuted, Rank3<4, 2, 3>>());
        assert_eq!(<S as Permute<Axes3<2, 0, -2>>>::POSITIONS, [2, 0, 1]);
    }
}
