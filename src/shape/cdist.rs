//! The shapes of `cdist`.

use super::{Dim, Shape};

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
