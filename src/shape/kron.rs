//! The shapes of `kron`.

use super::{Dim, Expr, Product, Shape};

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
