//! Orders of axes.

use super::{Axis, Dim, HasAxis, Law, Message, Shape};
use std::marker::PhantomData;

/// A tensor of shape `Self` can be permuted to the order `O`, which is one of [`Axes1`](super::Axes1) to
/// [`Axes6`](super::Axes6) and names each axis once.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an order of the axes of a tensor of shape `{Self}`",
    label = "each axis of `{Self}` must be named once",
    note = "an order names as many axes as the tensor has: `Axes3<2, 0, 1>` is one of three, `Axes4<0, 3, 1, 2>` of four"
)]
pub trait Permute<O>: Shape {
    /// The shape in that order.
    type Permuted: Shape;
    /// That each axis is named once. A result names it in place of [`Order`], whose bound rustc would report once more, at the
    /// next use of the result.
    #[doc(hidden)]
    type Once: Law;
    /// The positions of the axes, from the front.
    const POSITIONS: &'static [usize];
}

/// Adds the axes one by one, as `impl_axes_type`.
macro_rules! impl_permute {
    ($axes:ident $($dim:ident $index:ident)+) => {
        impl_permute!(@next $axes [$($dim)+] [$($index)+] [Self] [] [] $($index)+);
    };
    (@next $axes:ident $dims:tt $all:tt [$s:ty] [$($bounds:tt)*] [$($before:ty)*] $index:ident $($rest:ident)*) => {
        impl_permute!(@next $axes $dims $all [<$s as HasAxis<$index>>::Itself] [$($bounds)* $s: Axis<$index>,]
            [$($before)* $s] $($rest)*);
    };
    (@next $axes:ident [$($dim:ident)+] [$($index:ident)+] [$s:ty] [$($bounds:tt)*] [$($before:ty)+]) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim,)+ $(const $index: isize),+> Permute<super::$axes<$($index),+>> for ($($dim,)+)
        where
            $($bounds)*
        {
            type Permuted = ($(<$before as HasAxis<$index>>::AxisDim,)+);
            type Once = Once<Self, ($(<$before as HasAxis<$index>>::AxisPosition,)+), super::$axes<$($index),+>>;
            const POSITIONS: &'static [usize] = &[$(<<$before as HasAxis<$index>>::AxisPosition as Dim>::SIZE),+];
        }
        impl<$(const $index: isize),+> Numbers for super::$axes<$($index),+> {
            const NUMBERS: &'static [isize] = &[$($index),+];
        }
    };
}
impl_permute!(Axes1 A I);
impl_permute!(Axes2 A I B J);
impl_permute!(Axes3 A I B J C K);
impl_permute!(Axes4 A I B J C K D L);
impl_permute!(Axes5 A I B J C K D L E M);
impl_permute!(Axes6 A I B J C K D L E M F N);

/// The axes of an order, as they were written.
#[doc(hidden)]
pub trait Numbers {
    const NUMBERS: &'static [isize];
}

/// The order of a `permute`, looked at when the program is built.
pub struct Order<S, O>(PhantomData<(S, O)>);

impl<S: Permute<O>, O> Law for Order<S, O> {
    const WRONG: Option<Message> = S::Once::WRONG;
}

/// The same, where the positions of the axes, `P`, are known: a bound of any shapes.
pub struct Once<S, P, O>(PhantomData<(S, P, O)>);

impl<S: Shape, P: Shape, O: Numbers> Law for Once<S, P, O> {
    const WRONG: Option<Message> = {
        let order = P::SIZES;
        let mut once = true;
        let mut i = 0;
        while i < order.len() {
            let mut j = 0;
            while j < i {
                once = once && order[i] != order[j];
                j += 1;
            }
            i += 1;
        }
        if once {
            None
        } else {
            let mut text = Message::new().text("permute must name each axis once: the order is [");
            let mut i = 0;
            while i < O::NUMBERS.len() {
                if i > 0 {
                    text = text.text(", ");
                }
                text = text.signed(O::NUMBERS[i]);
                i += 1;
            }
            Some(text.text("], the tensor has the shape ").sizes(S::SIZES))
        }
    };
}

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
