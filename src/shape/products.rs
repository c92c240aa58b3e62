//! Which shapes meet in the strict forms of the matrix product, which take one rank on each side.
//!
//! The traits are those of the *right* shape: rustc knows it only when it has seen the operand, so that it does not
//! infer what the shape must be and then report a type mismatch in place of the message.

use super::{Dim, MatmulShape, Shape};
use crate::kernel::Batched;

/// A matrix of shape `Self` on the right of a matrix of shape `L`: `[M, K]` times `[K, N]`.
#[diagnostic::on_unimplemented(
    message = "mm cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "mm takes matrices `[M, K]` and `[K, N]` with equal inner sizes; `matmul` takes vectors and batches too"
)]
pub trait MmShape<L>: Shape {
    /// `[M, N]`.
    type Product: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, K: Dim, N: Dim> MmShape<(M, K)> for (K, N) {
    type Product = (M, N);
    const BATCHED: Batched = <(M, K) as MatmulShape<Self>>::SIZES;
}

/// A batch of matrices of shape `Self` on the right of one of shape `L`: `[B, M, K]` times `[B, K, N]`.
#[diagnostic::on_unimplemented(
    message = "bmm cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "bmm takes `[B, M, K]` and `[B, K, N]` with equal batches and inner sizes; `matmul` shares a matrix"
)]
pub trait BmmShape<L>: Shape {
    /// `[B, M, N]`.
    type Product: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, M: Dim, K: Dim, N: Dim> BmmShape<(B, M, K)> for (B, K, N) {
    type Product = (B, M, N);
    const BATCHED: Batched = <(B, M, K) as MatmulShape<Self>>::SIZES;
}

/// A vector of shape `Self` on the right of a matrix of shape `L`: `[M, K]` times `[K]`.
#[diagnostic::on_unimplemented(
    message = "mv cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "mv takes a matrix `[M, K]` and a vector `[K]`; `matmul` takes matrices and batches too"
)]
pub trait MvShape<L>: Shape {
    /// `[M]`.
    type Product: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, K: Dim> MvShape<(M, K)> for (K,) {
    type Product = (M,);
    const BATCHED: Batched = <(M, K) as MatmulShape<Self>>::SIZES;
}

/// A vector of shape `Self` on the right of one of shape `L` in an inner product: the shapes are equal.
#[diagnostic::on_unimplemented(
    message = "dot cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "dot takes two vectors of one length; `matmul` takes matrices and batches too"
)]
pub trait DotShape<L>: Shape {
    /// A scalar.
    type Product: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<K: Dim> DotShape<(K,)> for (K,) {
    type Product = ();
    const BATCHED: Batched = <(K,) as MatmulShape<Self>>::SIZES;
}

/// A vector of shape `Self` on the right of one of shape `L` in an outer product.
#[diagnostic::on_unimplemented(
    message = "outer cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "outer takes two vectors `[M]` and `[N]`"
)]
pub trait OuterShape<L>: Shape {
    /// `[M, N]`.
    type Product: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, N: Dim> OuterShape<(M,)> for (N,) {
    type Product = (M, N);
    // A column times a row.
    const BATCHED: Batched = Batched::new([1, 1, 1], [M::SIZE, 1, N::SIZE]);
}
