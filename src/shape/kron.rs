//! The shapes of Kronecker products and of distances.

use super::{Const, Dim, Expr, Product, Shape};

/// A tensor of shape `Self` on the right of one of shape `L` in a Kronecker product: as many axes.
#[diagnostic::on_unimplemented(
    message = "kron cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "both have as many axes, one to three; `unsqueeze::<0>()` puts an axis in front"
)]
pub trait KronShape<L>: Shape {
    /// The products of the sizes.
    type Output: Shape;
}

macro_rules! impl_kron {
    ($($a:ident $b:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($a: Dim, $b: Dim),+> KronShape<($($a,)+)> for ($($b,)+) {
            type Output = ($(Expr<Product<$a, $b>>,)+);
        }
    };
}
impl_kron!(A P);
impl_kron!(A P, B Q);
impl_kron!(A P, B Q, C R);

/// Rows of shape `Self` whose distances to those of shape `L` are measured: `[P, M]` and `[R, M]`, or a batch of both.
#[diagnostic::on_unimplemented(
    message = "cdist cannot compare the rows of a tensor of shape `{L}` with those of one of shape `{Self}`",
    label = "`{L}` and `{Self}`",
    note = "cdist takes `[P, M]` and `[R, M]`, or `[B, P, M]` and `[B, R, M]`"
)]
pub trait CdistShape<L>: Shape {
    /// `[P, R]`, or `[B, P, R]`.
    type Output: Shape;
    #[doc(hidden)]
    const SIZES: [usize; 4];
}

#[diagnostic::do_not_recommend]
impl<P: Dim, R: Dim, M: Dim> CdistShape<(P, M)> for (R, M) {
    type Output = (P, R);
    const SIZES: [usize; 4] = [1, P::SIZE, R::SIZE, M::SIZE];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, P: Dim, R: Dim, M: Dim> CdistShape<(B, P, M)> for (B, R, M) {
    type Output = (B, P, R);
    const SIZES: [usize; 4] = [B::SIZE, P::SIZE, R::SIZE, M::SIZE];
}

/// The dimension of the axis of a cross product.
#[diagnostic::on_unimplemented(
    message = "a cross product is of vectors of 3 elements, but this axis has size `{Self}`",
    label = "not an axis of size 3"
)]
pub trait SizeThree: Dim {}
impl SizeThree for Const<3> {}
