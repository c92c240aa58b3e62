//! Shapes: tuples of dimensions, of rank 0 to 6.

use super::{Broadcast, Const, Dim, ElementsOfAnotherType, False, TakesTarget, True, Truth, Unstretched};
use std::fmt::Debug;

/// The sizes of a tensor, as a type: a tuple of [dimensions](Dim).
///
/// [`Rank2<3, 4>`](Rank2) is `(Const<3>, Const<4>)`, which PyTorch prints as `[3, 4]`.
///
/// ```
/// use typegrad::{Rank2, shape::Shape};
/// assert_eq!(<Rank2<3, 4>>::SIZES, [3, 4]);
/// assert_eq!(<Rank2<3, 4>>::NUMEL, 12);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape",
    label = "not a tuple of up to six dimensions",
    note = "a shape is `Rank2<3, 4>`, or a tuple of dimensions such as `(Const<3>, Const<4>)`",
    note = "`Output` of a `forward` with two outputs is one shape: results of one shape are a `stack`, others follow each other in a `cat`; \
            or run the layers from outside, the common part once: `net.body.train(x).shared(|h| ..)`"
)]
pub trait Shape:
    Copy
    + Default
    + Debug
    + Send
    + Sync
    + Broadcast<Self, Broadcasted = Self>
    + Unstretched<Self>
    + TakesTarget<Self>
    + 'static
{
    /// The number of axes.
    const RANK: usize;
    /// The number of elements: the product of the sizes, and 1 for a scalar.
    const NUMEL: usize;
    /// The size of each axis, in order.
    const SIZES: &'static [usize];
    /// Whether an axis is [lost](Dim::LOST).
    #[doc(hidden)]
    const LOST: bool;
    /// Whether a tensor of this shape is one number.
    #[doc(hidden)]
    type IsNumber: Truth;
}

/// Calls a macro once for every rank, with the letters of its dimensions. The one place that counts to six.
macro_rules! for_each_rank {
    ($callback:ident) => {
        $callback! {}
        $callback! { A }
        $callback! { A B }
        $callback! { A B C }
        $callback! { A B C D }
        $callback! { A B C D E }
        $callback! { A B C D E F }
    };
}
pub(crate) use for_each_rank;

/// 1 for a dimension: to count them.
macro_rules! one {
    ($dim:ident) => {
        1
    };
}
pub(super) use one;

macro_rules! impl_shape {
    (@number) => {
        True
    };
    (@number $($dim:ident)+) => {
        False
    };
    ($($dim:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim),*> Shape for ($($dim,)*) {
            const RANK: usize = Self::SIZES.len();
            const NUMEL: usize = 1 $(* $dim::SIZE)*;
            const SIZES: &'static [usize] = &[$($dim::SIZE),*];
            const LOST: bool = false $(|| $dim::LOST)*;
            type IsNumber = impl_shape!(@number $($dim)*);
        }
    };
}
for_each_rank!(impl_shape);

/// A shape that no tensor has. Layers with parameters take it with elements of every type, so that of two layers which `f64` does
/// not fit, the first is reported and not the second, whose input has an unknown shape.
#[doc(hidden)]
pub type Elsewhere = (ElementsOfAnotherType,);

/// The shape of a scalar.
pub type Rank0 = ();
/// The shape `[A]`.
pub type Rank1<const A: usize> = (Const<A>,);
/// The shape `[A, B]`.
pub type Rank2<const A: usize, const B: usize> = (Const<A>, Const<B>);
/// The shape `[A, B, C]`.
pub type Rank3<const A: usize, const B: usize, const C: usize> = (Const<A>, Const<B>, Const<C>);
/// The shape `[A, B, C, D]`.
pub type Rank4<const A: usize, const B: usize, const C: usize, const D: usize> =
    (Const<A>, Const<B>, Const<C>, Const<D>);
/// The shape `[A, B, C, D, E]`.
pub type Rank5<const A: usize, const B: usize, const C: usize, const D: usize, const E: usize> =
    (Const<A>, Const<B>, Const<C>, Const<D>, Const<E>);
/// The shape `[A, B, C, D, E, F]`.
pub type Rank6<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const E: usize,
    const F: usize,
> = (Const<A>, Const<B>, Const<C>, Const<D>, Const<E>, Const<F>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_has_one_element_and_an_empty_axis_none() {
        assert_eq!((Rank0::RANK, Rank0::NUMEL), (0, 1));
        assert_eq!((<Rank3<2, 0, 5>>::RANK, <Rank3<2, 0, 5>>::NUMEL), (3, 0));
        assert_eq!(<Rank6<1, 2, 3, 4, 5, 6>>::SIZES, [1, 2, 3, 4, 5, 6]);
    }
}
