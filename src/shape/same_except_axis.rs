//! Two shapes that may differ at one axis.

use super::rank::{for_each_rank, one};
use super::{Dim, Shape, no_axis};

/// `Self` is the shape `S` with any size at the axis `I`: the shape of indices that point along that axis.
#[diagnostic::on_unimplemented(
    message = "indices of shape `{Self}` do not fit a tensor of shape `{S}` along axis {I}",
    label = "not the shape `{S}` with another size at axis {I}",
    note = "the tensor must have axis {I}, and indices its rank and its sizes at every other axis; one for each row: `indices.unsqueeze::<-1>()`"
)]
pub trait SameExceptAxis<const I: isize, S>: Shape {
    /// The number of elements of the axes before `I`.
    const OUTER: usize;
    /// The size of `S` at the axis `I`.
    const SIZE: usize;
    /// The number of elements of the axes after `I`.
    const INNER: usize;
}

/// Iterates over the dimensions of a rank, and lets each of them differ.
macro_rules! impl_same_except_axis {
    ($($dim:ident)*) => {
        impl_same_except_axis!(@walk [] $($dim)*);
    };
    (@walk [$($before:ident)*] $this:ident $($after:ident)*) => {
        impl_same_except_axis!(@axis { 0 $(+ one!($before))* } [$($before)*] $this [$($after)*]);
        impl_same_except_axis!(@axis { -1 $(- one!($after))* } [$($before)*] $this [$($after)*]);
        impl_same_except_axis!(@walk [$($before)* $this] $($after)*);
    };
    (@walk [$($before:ident)*]) => {};
    (@axis $index:block [$($before:ident)*] $this:ident [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $this: Dim, Other: Dim, $($after: Dim),*>
            SameExceptAxis<$index, ($($before,)* $this, $($after,)*)> for ($($before,)* Other, $($after,)*)
        {
            const OUTER: usize = 1 $(* $before::SIZE)*;
            const SIZE: usize = $this::SIZE;
            const INNER: usize = 1 $(* $after::SIZE)*;
        }
    };
}
for_each_rank!(impl_same_except_axis);

/// Implements the trait for numbers that no axis has, as `no_axes` does for `Axis`.
macro_rules! same_except_no_axis {
    ($($number:literal)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<A: Dim, B: Dim> SameExceptAxis<{ no_axis($number) }, (A,)> for (B,) {
            const OUTER: usize = panic!("axes count from 0 at the front, and from -1 at the back");
            const SIZE: usize = 0;
            const INNER: usize = 0;
        }
        #[diagnostic::do_not_recommend]
        impl<A: Dim, B: Dim, X: Dim, Y: Dim> SameExceptAxis<{ no_axis($number) }, (A, B)> for (X, Y) {
            const OUTER: usize = panic!("axes count from 0 at the front, and from -1 at the back");
            const SIZE: usize = 0;
            const INNER: usize = 0;
        }
    )* };
}
same_except_no_axis!(0 1 2 3 4 5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank3};

    #[test]
    fn the_axis_that_differs_is_the_one_of_the_tensor() {
        type Indices = Rank3<2, 9, 4>;
        assert_eq!(<Indices as SameExceptAxis<1, Rank3<2, 3, 4>>>::SIZE, 3);
        assert_eq!(<Indices as SameExceptAxis<-2, Rank3<2, 3, 4>>>::OUTER, 2);
        assert_eq!(<Indices as SameExceptAxis<-2, Rank3<2, 3, 4>>>::INNER, 4);
        assert_eq!(<Rank1<5> as SameExceptAxis<0, Rank1<7>>>::SIZE, 7);
    }
}
