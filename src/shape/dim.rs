//! Dimensions: the sizes in a shape.

use super::TakesSize;
use std::fmt::Debug;
use std::marker::PhantomData;

/// One dimension of a shape: a literal ([`Const<3>`](Const)) or an expression over others
/// (`Expr<Sum<A, B>>`).
///
/// Two literal dimensions are compared by the type checker. Where an expression is one of the two, the sizes are compared
/// when the program is built: see [`SameSize`].
#[diagnostic::on_unimplemented(
    message = "a shape is a tuple of dimensions, and `{Self}` is not one",
    label = "not a dimension, such as `Const<3>`",
    note = "a shape is `Rank2<3, 4>`, or a tuple such as `(Const<3>, Const<4>)`"
)]
pub trait Dim:
    Copy + Default + Debug + Send + Sync + SameSize<Self, Common = Self> + TakesSize<Self> + 'static
{
    /// The number of elements along this dimension.
    const SIZE: usize;
    /// Whether the operation that would have this size does not build, as a kernel that is larger than its input. Other laws do
    /// not report the size again.
    #[doc(hidden)]
    const LOST: bool = false;
}

/// `Self` and `D` may be of one size: two literals that are equal, or two dimensions of which one is computed.
///
/// Whether a computed size is the other one is known when the program is built; operations assert
/// [`EQUAL`](SameSize::EQUAL).
pub trait SameSize<D> {
    /// The dimension of the result: the literal, if there is one.
    type Common: Dim;
    /// Whether the sizes are equal.
    const EQUAL: bool;
}

impl<const N: usize> SameSize<Const<N>> for Const<N> {
    type Common = Const<N>;
    const EQUAL: bool = true;
}

impl<F: DimExpr, const N: usize> SameSize<Const<N>> for Expr<F> {
    type Common = Const<N>;
    const EQUAL: bool = F::SIZE == N;
}

impl<F: DimExpr, const N: usize> SameSize<Expr<F>> for Const<N> {
    type Common = Const<N>;
    const EQUAL: bool = F::SIZE == N;
}

impl<F: DimExpr, G: DimExpr> SameSize<Expr<G>> for Expr<F> {
    type Common = Expr<F>;
    const EQUAL: bool = F::SIZE == G::SIZE;
}

/// A dimension known by its number. The compiler's messages call it `Len<N>`.
///
/// ```
/// use typegrad::shape::{Const, Dim};
/// assert_eq!(Const::<3>::SIZE, 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Const<const N: usize>;

impl<const N: usize> Dim for Const<N> {
    const SIZE: usize = N;
}

/// A dimension that is computed from others, such as the length after a concatenation.
///
/// The expression is one type parameter, so that a layer can be implemented for `Const<N>` and for every
/// expression without the two overlapping.
#[derive(Debug)]
pub struct Expr<F>(PhantomData<fn() -> F>);

impl<F> Clone for Expr<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Expr<F> {}

impl<F> Default for Expr<F> {
    fn default() -> Self {
        Expr(PhantomData)
    }
}

impl<F: DimExpr> Dim for Expr<F> {
    const SIZE: usize = F::SIZE;
    const LOST: bool = F::LOST;
}

/// The size that no axis has: see [`Elsewhere`](super::Elsewhere).
#[derive(Clone, Copy, Debug, Default)]
pub struct ElementsOfAnotherType;

impl Dim for ElementsOfAnotherType {
    const SIZE: usize = 0;
}

impl SameSize<ElementsOfAnotherType> for ElementsOfAnotherType {
    type Common = ElementsOfAnotherType;
    const EQUAL: bool = true;
}

/// The computation inside an [`Expr`].
pub trait DimExpr: Debug + 'static {
    /// Its result.
    const SIZE: usize;
    /// See [`Dim::LOST`].
    #[doc(hidden)]
    const LOST: bool = false;
}

/// The sum of two dimensions, as in `cat`.
#[derive(Debug)]
pub struct Sum<A, B>(PhantomData<fn() -> (A, B)>);

impl<A: Dim, B: Dim> DimExpr for Sum<A, B> {
    const SIZE: usize = A::SIZE + B::SIZE;
}

/// The product of two dimensions, as in `flatten`.
#[derive(Debug)]
pub struct Product<A, B>(PhantomData<fn() -> (A, B)>);

impl<A: Dim, B: Dim> DimExpr for Product<A, B> {
    const SIZE: usize = A::SIZE * B::SIZE;
    const LOST: bool = A::LOST || B::LOST;
}

/// The length of the range from `START` to `END`, as in `slice`; 0 if it runs backwards.
#[derive(Debug)]
pub struct Span<const START: usize, const END: usize>;

impl<const START: usize, const END: usize> DimExpr for Span<START, END> {
    const SIZE: usize = END.saturating_sub(START);
}

/// `N` less than a dimension, and at least 0, as in `diff`.
#[derive(Debug)]
pub struct Less<D, const N: usize>(PhantomData<fn() -> D>);

impl<D: Dim, const N: usize> DimExpr for Less<D, N> {
    const SIZE: usize = D::SIZE.saturating_sub(N);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_computed_from_their_dimensions() {
        assert_eq!(<Expr<Sum<Const<2>, Const<5>>>>::SIZE, 7);
        assert_eq!(<Expr<Product<Const<3>, Expr<Sum<Const<2>, Const<2>>>>>>::SIZE, 12);
    }
}
