//! Shapes with more or fewer elements at the ends of their last axes.

use super::{Axis, Dim, DimExpr, Expr, Law, Matrices, Message, Shape};
use std::marker::PhantomData;

/// A dimension with `L` more in front and `R` more after it, as in `pad`; fewer where they are negative.
#[derive(Debug)]
pub struct PaddedSize<D, const L: isize, const R: isize>(PhantomData<fn() -> D>);

impl<D: Dim, const L: isize, const R: isize> DimExpr for PaddedSize<D, L, R> {
    // The methods say what is wrong with an amount that is too negative.
    const SIZE: usize = D::SIZE.saturating_add_signed(L + R);
}

/// The size of the axis `i`, which counts from the back. Where there is none, the bounds of a method say so.
const fn size_at(sizes: &[usize], i: isize) -> isize {
    match sizes.len().checked_add_signed(i) {
        Some(place) => sizes[place] as isize,
        None => isize::MAX,
    }
}

/// The amounts at the ends of the axis `I`, compared with its size when the program is built.
pub struct PadAmounts<S, const I: isize, const L: isize, const R: isize>(S);

impl<S: Shape, const I: isize, const L: isize, const R: isize> PadAmounts<S, I, L, R> {
    const SIZE: isize = size_at(S::SIZES, I);
    const KEEP: bool = -L <= Self::SIZE && -R <= Self::SIZE && Self::SIZE + L + R >= 0;
    const ADD_NOTHING: bool = L <= 0 && R <= 0;

    const fn message(rule: &str) -> Message {
        Message::new()
            .text(rule)
            .text(": it adds ")
            .signed(L)
            .text(" and ")
            .signed(R)
            .text(", but axis ")
            .signed(I)
            .text(" of the tensor has size ")
            .signed(Self::SIZE)
    }
}

/// A padding by constants.
impl<S: Shape, const I: isize, const L: isize, const R: isize> Law for PadAmounts<S, I, L, R> {
    const WRONG: Option<Message> =
        if Self::KEEP { None } else { Some(Self::message("pad takes away no more than there is")) };
}

/// A padding by mirrored elements.
pub struct Reflection<S, const I: isize, const L: isize, const R: isize>(S);

impl<S: Shape, const I: isize, const L: isize, const R: isize> Law for Reflection<S, I, L, R> {
    const WRONG: Option<Message> = {
        let size = PadAmounts::<S, I, L, R>::SIZE;
        if !PadAmounts::<S, I, L, R>::KEEP {
            PadAmounts::<S, I, L, R>::WRONG
        } else if PadAmounts::<S, I, L, R>::ADD_NOTHING || (L < size && R < size) {
            None
        } else {
            let rule = "reflect_pad must add less than the size of the axis at each end";
            Some(PadAmounts::<S, I, L, R>::message(rule))
        }
    };
}

/// A padding by elements of the other end.
pub struct Wraparound<S, const I: isize, const L: isize, const R: isize>(S);

impl<S: Shape, const I: isize, const L: isize, const R: isize> Law for Wraparound<S, I, L, R> {
    const WRONG: Option<Message> = {
        let size = PadAmounts::<S, I, L, R>::SIZE;
        if L >= 0 && R >= 0 && L <= size && R <= size {
            None
        } else {
            let rule = "circular_pad adds at most the size of the axis at each end";
            Some(PadAmounts::<S, I, L, R>::message(rule))
        }
    };
}

/// A padding by copies of the ends.
pub struct Replication<S, const I: isize, const L: isize, const R: isize>(S);

impl<S: Shape, const I: isize, const L: isize, const R: isize> Law for Replication<S, I, L, R> {
    const WRONG: Option<Message> = if !PadAmounts::<S, I, L, R>::KEEP {
        PadAmounts::<S, I, L, R>::WRONG
    } else if PadAmounts::<S, I, L, R>::ADD_NOTHING || PadAmounts::<S, I, L, R>::SIZE > 0 {
        None
    } else {
        Some(PadAmounts::<S, I, L, R>::message("replicate_pad needs an axis with an element to copy"))
    };
}

/// A shape with `L` and `R` more at the ends of its last axis, and `T` and `B` at those of the one before.
///
/// A shape of fewer axes is its own, so that the type of the result can always be written, and the error that the
/// user sees is that of [`Matrices`].
pub trait Pad2d<const L: isize, const R: isize, const T: isize, const B: isize>: Shape {
    /// The shape with more elements.
    type Padded: Shape;
}

impl<const L: isize, const R: isize, const T: isize, const B: isize> Pad2d<L, R, T, B> for () {
    type Padded = ();
}

impl<D: Dim, const L: isize, const R: isize, const T: isize, const B: isize> Pad2d<L, R, T, B> for (D,) {
    type Padded = (D,);
}

macro_rules! impl_pad2d {
    ($($lead:ident)*) => {
        impl<$($lead: Dim,)* M: Dim, N: Dim, const L: isize, const R: isize, const T: isize, const B: isize>
            Pad2d<L, R, T, B> for ($($lead,)* M, N)
        {
            type Padded = ($($lead,)* Expr<PaddedSize<M, T, B>>, Expr<PaddedSize<N, L, R>>);
        }
    };
}
impl_pad2d!();
impl_pad2d!(A);
impl_pad2d!(A C);
impl_pad2d!(A C D);
impl_pad2d!(A C D E);

/// A shape whose last three axes are the depth, height and width of volumes.
#[diagnostic::on_unimplemented(
    message = "this operation takes volumes, but a tensor of shape `{Self}` has fewer than three axes",
    label = "fewer than three axes"
)]
pub trait Volumes: Matrices + Axis<-3> {}

/// A shape with `L` and `R` more at the ends of its last axis, `T` and `B` at those of the one before, and `FRONT` and
/// `BACK` at those of the third from the back. As [`Pad2d`], where the error is that of [`Volumes`].
pub trait Pad3d<
    const L: isize,
    const R: isize,
    const T: isize,
    const B: isize,
    const FRONT: isize,
    const BACK: isize,
>: Shape
{
    /// The shape with more elements.
    type Padded: Shape;
}

macro_rules! impl_pad3d {
    (too few: $($dim:ident)*) => {
        impl<$($dim: Dim,)* const L: isize, const R: isize, const T: isize, const B: isize, const FRONT: isize, const BACK: isize>
            Pad3d<L, R, T, B, FRONT, BACK> for ($($dim,)*)
        {
            type Padded = ($($dim,)*);
        }
    };
    ($($lead:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($lead: Dim,)* K: Dim, M: Dim, N: Dim> Volumes for ($($lead,)* K, M, N) {}

        impl<$($lead: Dim,)* K: Dim, M: Dim, N: Dim, const L: isize, const R: isize, const T: isize, const B: isize, const FRONT: isize, const BACK: isize>
            Pad3d<L, R, T, B, FRONT, BACK> for ($($lead,)* K, M, N)
        {
            type Padded =
                ($($lead,)* Expr<PaddedSize<K, FRONT, BACK>>, Expr<PaddedSize<M, T, B>>, Expr<PaddedSize<N, L, R>>);
        }
    };
}
impl_pad3d!(too few:);
impl_pad3d!(too few: A);
impl_pad3d!(too few: A C);
impl_pad3d!();
impl_pad3d!(A);
impl_pad3d!(A C);
impl_pad3d!(A C D);

/// The shape `S` with `L` and `R` more at the ends of its last axis.
pub type PaddedShape<S, const L: isize, const R: isize> =
    <S as Axis<-1>>::With<Expr<PaddedSize<<S as Axis<-1>>::Dim, L, R>>>;
/// The shape `S` with `L` and `R` more at the ends of its last axis, and `T` and `B` at those of the one before.
pub type Padded2dShape<S, const L: isize, const R: isize, const T: isize, const B: isize> =
    <S as Pad2d<L, R, T, B>>::Padded;
/// The shape `S` with more at the ends of its last three axes.
pub type Padded3dShape<
    S,
    const L: isize,
    const R: isize,
    const T: isize,
    const B: isize,
    const FRONT: isize,
    const BACK: isize,
> = <S as Pad3d<L, R, T, B, FRONT, BACK>>::Padded;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank4};

    #[test]
    fn sizes_grow_and_shrink_at_both_ends() {
        assert_eq!(<PaddedShape<Rank1<4>, -1, 3>>::SIZES, [6]);
        assert_eq!(<Padded3dShape<Rank4<2, 3, 4, 5>, 1, -2, 0, 3, -1, -1>>::SIZES, [2, 1, 7, 4]);
        assert!(PadAmounts::<Rank1<4>, -1, -4, 2>::WRONG.is_none());
        assert!(PadAmounts::<Rank1<4>, -1, -5, 2>::WRONG.is_some());
        assert!(PadAmounts::<Rank1<4>, -1, -3, -2>::WRONG.is_some());
        assert!(Reflection::<Rank1<4>, -1, 3, 0>::WRONG.is_none());
        assert!(Reflection::<Rank1<4>, -1, -2, 4>::WRONG.is_some());
        assert!(Replication::<Rank1<0>, -1, 0, 1>::WRONG.is_some());
    }
}
