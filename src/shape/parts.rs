//! Dimensions of parts and paddings, and the shapes of operations that take a tensor apart.

use super::rank::for_each_rank;
use super::{Axis, Const, Dim, DimExpr, Expr, Product, Shape};
use std::array::from_fn;
use std::marker::PhantomData;

/// One of `N` equal parts of a dimension, as in `chunk`.
#[derive(Debug)]
pub struct Part<D, const N: usize>(PhantomData<fn() -> D>);

impl<D: Dim, const N: usize> DimExpr for Part<D, N> {
    const SIZE: usize = match D::SIZE.checked_div(N) {
        Some(size) => size,
        None => 0,
    };
}

/// A dimension with `L` more in front and `R` more behind, as in `pad`.
#[derive(Debug)]
pub struct Padded<D, const L: usize, const R: usize>(PhantomData<fn() -> D>);

impl<D: Dim, const L: usize, const R: usize> DimExpr for Padded<D, L, R> {
    const SIZE: usize = L + D::SIZE + R;
}

/// The side of a square matrix that holds a vector of length `D` on its diagonal `K`.
#[derive(Debug)]
pub struct DiagonalSide<D, const K: isize>(PhantomData<fn() -> D>);

impl<D: Dim, const K: isize> DimExpr for DiagonalSide<D, K> {
    const SIZE: usize = D::SIZE + K.unsigned_abs();
}

/// The length of the diagonal `K` of a matrix of `A` rows and `B` columns.
#[derive(Debug)]
pub struct DiagonalLength<A, B, const K: isize>(PhantomData<fn() -> (A, B)>);

impl<A: Dim, B: Dim, const K: isize> DimExpr for DiagonalLength<A, B, K> {
    const SIZE: usize = {
        let (rows, columns) = if K < 0 {
            (A::SIZE.saturating_sub(K.unsigned_abs()), B::SIZE)
        } else {
            (A::SIZE, B::SIZE.saturating_sub(K as usize))
        };
        if rows < columns { rows } else { columns }
    };
}

/// A dimension that is a literal, so that an array has its length: `[T; N]` for `Const<N>`.
#[diagnostic::on_unimplemented(
    message = "unbind gives an array, whose length must be a literal, but the size of this axis is computed",
    label = "this axis has the size `{Self}`",
    note = "write the shape with literals first: `x.with_shape::<Rank2<2, 5>>()`"
)]
pub trait Literal: Dim {
    /// The array of that length.
    type Array<T>;
    #[doc(hidden)]
    fn array<T>(f: impl FnMut(usize) -> T) -> Self::Array<T>;
}

impl<const N: usize> Literal for Const<N> {
    type Array<T> = [T; N];
    fn array<T>(f: impl FnMut(usize) -> T) -> [T; N] {
        from_fn(f)
    }
}

/// The dimension of an axis that can be left out by `squeeze`.
#[diagnostic::on_unimplemented(
    message = "squeeze leaves out an axis of size 1, but this axis has size `{Self}`",
    label = "not an axis of size 1"
)]
pub trait SizeOne: Dim {}
impl SizeOne for Const<1> {}

/// A tensor of shape `Self` can be put in the order `O`, which is one of [`Axes1`](super::Axes1) to
/// [`Axes6`](super::Axes6) and names each axis once.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an order of the axes of a tensor of shape `{Self}`",
    label = "each axis of `{Self}` must be named once",
    note = "write as many axes as the tensor has: `x.permute::<Axes3<2, 0, 1>>()`"
)]
pub trait Permute<O>: Shape {
    /// The shape in that order.
    type Permuted: Shape;
    /// The axes, as they were written.
    const ORDER: &'static [isize];
    /// The positions of the axes, from the front.
    const POSITIONS: &'static [usize];
}

macro_rules! impl_permute {
    ($axes:ident $($dim:ident $index:ident)+) => {
        impl<$($dim: Dim,)+ $(const $index: isize),+> Permute<super::$axes<$($index),+>> for ($($dim,)+)
        where
            $(Self: Axis<$index>),+
        {
            type Permuted = ($(<Self as Axis<$index>>::Dim,)+);
            const ORDER: &'static [isize] = &[$($index),+];
            const POSITIONS: &'static [usize] = &[$(<<Self as Axis<$index>>::Position as Dim>::SIZE),+];
        }
    };
}
impl_permute!(Axes1 A I);
impl_permute!(Axes2 A I B J);
impl_permute!(Axes3 A I B J C K);
impl_permute!(Axes4 A I B J C K D L);
impl_permute!(Axes5 A I B J C K D L E M);
impl_permute!(Axes6 A I B J C K D L E M F N);

/// The shape with all axes from position `P` to position `Q` as one.
#[diagnostic::on_unimplemented(
    message = "flatten_axes goes from front to back, but axis `{P}` of the shape `{Self}` is behind axis `{Q}`",
    label = "the first axis comes first"
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

/// A tensor of shape `Self` can be repeated `K` times, where `K` is a tuple of counts, at least one for each axis.
#[diagnostic::on_unimplemented(
    message = "repeat needs a count for each axis: the counts are `{K}`, the tensor has the shape `{Self}`",
    label = "at least as many counts as axes",
    note = "write the counts as a shape: `x.repeat::<Rank2<2, 3>>()`"
)]
pub trait Repeat<K>: Shape {
    /// The shape afterwards: leading counts, then the products of the counts and the dimensions.
    type Repeated: Shape;
}

macro_rules! impl_repeat {
    ($($dim:ident $count:ident)*) => {
        impl_repeat!(@rank [] [$($dim $count)*]);
    };
    // As many counts as axes, then the same counts with ever fewer axes.
    (@rank [$($lead:ident)*] [$($dim:ident $count:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($lead: Dim,)* $($dim: Dim, $count: Dim),*> Repeat<($($lead,)* $($count,)*)> for ($($dim,)*) {
            type Repeated = ($($lead,)* $(Expr<Product<$count, $dim>>,)*);
        }
        impl_repeat!(@fewer [$($lead)*] [$($dim $count)*]);
    };
    (@fewer [$($lead:ident)*] [$dim:ident $count:ident $($rest:ident)*]) => {
        impl_repeat!(@rank [$($lead)* $count] [$($rest)*]);
    };
    (@fewer [$($lead:ident)*] []) => {};
}
impl_repeat!();
impl_repeat!(A K);
impl_repeat!(A K B L);
impl_repeat!(A K B L C M);
impl_repeat!(A K B L C M D N);
impl_repeat!(A K B L C M D N E O);
impl_repeat!(A K B L C M D N E O F P);

/// A vector, whose matrix `diag::<K>()` gives, or a matrix, whose diagonal it gives.
#[diagnostic::on_unimplemented(
    message = "diag takes a vector or a matrix, not a tensor of shape `{Self}`",
    label = "neither of rank 1 nor of rank 2"
)]
pub trait VectorOrMatrix<const K: isize>: Shape {
    /// The matrix of the vector, or the diagonal of the matrix.
    type Output: Shape;
}

impl<D: Dim, const K: isize> VectorOrMatrix<K> for (D,) {
    type Output = (Expr<DiagonalSide<D, K>>, Expr<DiagonalSide<D, K>>);
}

impl<A: Dim, B: Dim, const K: isize> VectorOrMatrix<K> for (A, B) {
    type Output = (Expr<DiagonalLength<A, B, K>>,);
}

/// A shape of two axes.
#[diagnostic::on_unimplemented(
    message = "t() transposes a matrix, but this tensor has the shape `{Self}`",
    label = "not a matrix",
    note = "`x.transpose::<-2, -1>()` exchanges the last two axes"
)]
pub trait Matrix: Shape {}
impl<A: Dim, B: Dim> Matrix for (A, B) {}

/// The shape of a scalar.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` is no scalar",
    label = "is for scalars, whose shape is `()`",
    note = "make it one first, such as by `x.sum()` or `x.mean()`"
)]
pub trait ScalarShape: Shape {}
#[diagnostic::do_not_recommend]
impl ScalarShape for () {}

/// A shape of one axis, which a row of numbers has.
#[diagnostic::on_unimplemented(
    message = "a row of numbers is a vector, but the shape `{Self}` is not that of a vector",
    label = "not of one axis",
    note = "make the vector first: `Tensor::<Rank1<6>>::arange().reshape::<Rank2<2, 3>>()`"
)]
pub trait Vector: Shape {}
impl<D: Dim> Vector for (D,) {}

/// A shape of two axes, which an identity has.
#[diagnostic::on_unimplemented(
    message = "an identity is a matrix, but the shape `{Self}` is not that of a matrix",
    label = "not of two axes"
)]
pub trait Identity: Shape {
    /// The number of columns.
    const COLUMNS: usize;
}
impl<A: Dim, B: Dim> Identity for (A, B) {
    const COLUMNS: usize = B::SIZE;
}

/// A shape whose last two axes are the rows and columns of matrices.
#[diagnostic::on_unimplemented(
    message = "this operation takes matrices, but a tensor of shape `{Self}` has fewer than two axes",
    label = "fewer than two axes"
)]
pub trait Matrices: Axis<-1> + Axis<-2> {
    /// The sizes of the two axes.
    const MATRIX: [usize; 2];
}

macro_rules! impl_last_two {
    ($($lead:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($lead: Dim,)* Rows: Dim, Columns: Dim> Matrices for ($($lead,)* Rows, Columns) {
            const MATRIX: [usize; 2] = [Rows::SIZE, Columns::SIZE];
        }
    };
}
impl_last_two!();
impl_last_two!(A);
impl_last_two!(A B);
impl_last_two!(A B C);
impl_last_two!(A B C D);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Axes3, Rank1, Rank2, Rank3, Rank4};
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

    #[test]
    fn ranges_of_axes_become_one() {
        type S = Rank4<2, 3, 4, 5>;
        assert_eq!(<S as Flatten<1, -2>>::Flat::SIZES, [2, 12, 5]);
        assert_eq!(<S as Flatten<0, 3>>::Flat::SIZES, [120]);
        assert!(same::<<S as Flatten<2, -2>>::Flat, S>());
        assert_eq!(<S as FlattenAll>::Flat::SIZE, 120);
        assert!(same::<<Rank1<5> as FlattenAll>::Flat, Const<5>>());
    }

    #[test]
    fn counts_lead_or_multiply() {
        assert_eq!(<Rank2<2, 3> as Repeat<Rank3<7, 1, 2>>>::Repeated::SIZES, [7, 2, 6]);
        assert_eq!(<() as Repeat<Rank2<4, 2>>>::Repeated::SIZES, [4, 2]);
    }

    #[test]
    fn diagonals_have_the_length_that_fits() {
        let length = |k: isize| match k {
            0 => <Rank2<3, 5> as VectorOrMatrix<0>>::Output::SIZES,
            3 => <Rank2<3, 5> as VectorOrMatrix<3>>::Output::SIZES,
            6 => <Rank2<3, 5> as VectorOrMatrix<6>>::Output::SIZES,
            _ => <Rank2<3, 5> as VectorOrMatrix<-1>>::Output::SIZES,
        };
        assert_eq!([length(0), length(3), length(6), length(-1)], [[3], [2], [0], [2]]);
        assert_eq!(<Rank1<3> as VectorOrMatrix<-2>>::Output::SIZES, [5, 5]);
    }
}
