//! Shapes with several axes as one.

use super::rank::for_each_rank;
use super::{Axis, Const, Dim, Expr, Product, Shape};

/// The shape with all axes from position `P` to position `Q` as one.
#[diagnostic::on_unimplemented(
    message = "flatten_axes goes from front to back, but axis `{P}` of the shape `{Self}` comes after axis `{Q}`",
    label = "the axis in front is named first"
)]
pub trait FlattenPositions<P, Q>: Shape {
    /// The shape afterwards.
    type Flat: Shape;
}

/// The axes from `I` to `J` of a tensor of shape `Self` can be made one.
#[diagnostic::on_unimplemented(
    message = "the axes from {I} to {J} of a tensor of shape `{Self}` cannot be flattened"
)]
pub trait Flatten<const I: isize, const J: isize>: Shape {
    /// The shape afterwards.
    type Flat: Shape;
}

impl<S, const I: isize, const J: isize> Flatten<I, J> for S
where
    S: Axis<I> + Axis<J>,
    S: FlattenPositions<<S as Axis<I>>::Position, <S as Axis<J>>::Position>,
{
    type Flat = <S as FlattenPositions<<S as Axis<I>>::Position, <S as Axis<J>>::Position>>::Flat;
}

/// A shape as one axis.
pub trait FlattenAll: Shape {
    /// The product of all dimensions.
    type Flat: Dim;
}

impl FlattenAll for () {
    type Flat = Const<1>;
}

macro_rules! product {
    ($first:ident) => { $first };
    ($first:ident $second:ident) => { Expr<Product<$first, $second>> };
    ($first:ident $second:ident $($rest:ident)+) => { product!(@more { Expr<Product<$first, $second>> } $($rest)+) };
    (@more { $($so_far:tt)* }) => { $($so_far)* };
    (@more { $($so_far:tt)* } $next:ident $($rest:ident)*) => {
        product!(@more { Expr<Product<$($so_far)*, $next>> } $($rest)*)
    };
}

macro_rules! impl_flatten {
    () => {};
    ($($dim:ident)+) => {
        impl<$($dim: Dim),+> FlattenAll for ($($dim,)+) {
            type Flat = product!($($dim)+);
        }
        impl_flatten!(@start [] $($dim)+);
    };
    // Each first axis of a range, then each last.
    (@start [$($before:ident)*] $this:ident $($after:ident)*) => {
        impl_flatten!(@end [$($before)*] [$this] $($after)*);
        impl_flatten!(@start [$($before)* $this] $($after)*);
    };
    (@start [$($before:ident)*]) => {};
    (@end [$($before:ident)*] [$first:ident $($range:ident)*] $($after:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $first: Dim, $($range: Dim,)* $($after: Dim),*> FlattenPositions<
            Const<{ 0 $(+ impl_flatten!(@one $before))* }>,
            Const<{ 0 $(+ impl_flatten!(@one $before))* $(+ impl_flatten!(@one $range))* }>,
        > for ($($before,)* $first, $($range,)* $($after,)*)
        {
            type Flat = ($($before,)* product!($first $($range)*), $($after,)*);
        }
        impl_flatten!(@next [$($before)*] [$first $($range)*] $($after)*);
    };
    (@next [$($before:ident)*] [$($range:ident)+] $next:ident $($after:ident)*) => {
        impl_flatten!(@end [$($before)*] [$($range)+ $next] $($after)*);
    };
    (@next [$($before:ident)*] [$($range:ident)+]) => {};
    (@one $t:ident) => { 1 };
}
for_each_rank!(impl_flatten);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank4};
    use std::any::TypeId;

    fn same<A: 'static, B: 'static>() -> bool {
        TypeId::of::<A>() == TypeId::of::<B>()
    }

    #[test]
    fn ranges_of_axes_become_one() {
        type S = Rank4<2, 3, 4, 5>;
        assert_eq!(<S as Flatten<1, -2>>::Flat::SIZES, [2, 12, 5]);
        assert_eq!(<S as Flatten<0, 3>>::Flat::SIZES, [120]);
        assert!(same::<<S as Flatten<2, -2>>::Flat, S>());
        assert_eq!(<S as FlattenAll>::Flat::SIZE, 120);
        assert!(same::<<Rank1<5> as FlattenAll>::Flat, Const<5>>());
    }
}
