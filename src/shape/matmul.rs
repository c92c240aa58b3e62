//! The shapes of matrix products.

use super::rank::for_each_rank;
use super::{Dim, Shape};
use crate::kernel::Batched;

/// A tensor of shape `L` can be multiplied, as matrices, by one of shape `Self`: PyTorch's rules for `matmul`.
///
/// | `L` | `Self` | `Output` |
/// |---|---|---|
/// | `[K]` | `[K]` | a scalar |
/// | `[M, K]` | `[K]` | `[M]` |
/// | `[K]` | `[K, N]` | `[N]` |
/// | `[M, K]` | `[K, N]` | `[M, N]` |
/// | `[.., M, K]` | `[.., K, N]` | `[.., M, N]`, for up to four batch axes |
///
/// Batch axes are equal on both sides, or one side lacks leading ones and is shared: `[H, B, M, K]` is multiplied by `[H,
/// B, K, N]`, `[B, K, N]`, `[K, N]` and `[K]`. A batch axis of size 1 is stretched by
/// [`broadcast_to`](crate::Tensor::broadcast_to).
#[diagnostic::on_unimplemented(
    message = "cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "the inner sizes must be equal: the last of the left shape, the last but one of the right; batch axes must be equal, \
            or leading ones absent on one side; of computed sizes `x.with_shape()`"
)]
pub trait MatmulShape<L>: Shape {
    /// The shape of the product.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

macro_rules! impl_matmul {
    // Two of the six axes are those of the matrices.
    ($a:ident $b:ident $c:ident $d:ident $e:ident $($f:ident)?) => {};
    ($($batch:ident)*) => {
        impl_matmul!(@matrices [$($batch)*] [$($batch)*] [$($batch)*]);
        impl_matmul!(@ends [] $($batch)*);

        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* K: Dim, N: Dim> MatmulShape<(K,)> for ($($batch,)* K, N) {
            type Output = ($($batch,)* N,);
            const BATCHED: Batched =
                Batched::new([1, 1 $(* $batch::SIZE)*, 1 $(* $batch::SIZE)*], [1, K::SIZE, N::SIZE]);
        }
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: Dim, K: Dim> MatmulShape<($($batch,)* M, K)> for (K,) {
            type Output = ($($batch,)* M,);
            const BATCHED: Batched =
                Batched::new([1 $(* $batch::SIZE)*, 1, 1 $(* $batch::SIZE)*], [M::SIZE, K::SIZE, 1]);
        }
    };
    // Each proper end of the batch axes, on either side.
    (@ends [$($front:ident)*] $next:ident $($end:ident)*) => {
        impl_matmul!(@matrices [$($front)* $next $($end)*] [$($end)*] [$($front)* $next $($end)*]);
        impl_matmul!(@matrices [$($end)*] [$($front)* $next $($end)*] [$($front)* $next $($end)*]);
        impl_matmul!(@ends [$($front)* $next] $($end)*);
    };
    (@ends [$($front:ident)*]) => {};
    (@matrices [$($left:ident)*] [$($right:ident)*] [$($batch:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: Dim, K: Dim, N: Dim> MatmulShape<($($left,)* M, K)> for ($($right,)* K, N) {
            type Output = ($($batch,)* M, N);
            const BATCHED: Batched = Batched::new(
                [1 $(* $left::SIZE)*, 1 $(* $right::SIZE)*, 1 $(* $batch::SIZE)*],
                [M::SIZE, K::SIZE, N::SIZE],
            );
        }
    };
}
for_each_rank!(impl_matmul);

#[diagnostic::do_not_recommend]
impl<K: Dim> MatmulShape<(K,)> for (K,) {
    type Output = ();
    const BATCHED: Batched = Batched::new([1, 1, 1], [1, K::SIZE, 1]);
}

// The strict forms of the product take one rank on each side. Their traits are those of the *right* shape: rustc knows it
// only when it has seen the operand, so that it does not infer what the shape must be and then report a type mismatch
// instead of the message.

/// A matrix of shape `Self` on the right of a matrix of shape `L`: `[M, K]` times `[K, N]`.
#[diagnostic::on_unimplemented(
    message = "mm cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "mm takes matrices `[M, K]` and `[K, N]` with equal inner sizes; `matmul` takes vectors and batches too"
)]
pub trait MmShape<L>: Shape {
    /// `[M, N]`.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, K: Dim, N: Dim> MmShape<(M, K)> for (K, N) {
    type Output = (M, N);
    const BATCHED: Batched = <Self as MatmulShape<(M, K)>>::BATCHED;
}

/// A batch of matrices of shape `Self` on the right of one of shape `L`: `[B, M, K]` times `[B, K, N]`.
#[diagnostic::on_unimplemented(
    message = "bmm cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "bmm takes `[B, M, K]` and `[B, K, N]` with equal batches and inner sizes; `matmul` shares a matrix; of computed sizes `x.with_shape()`"
)]
pub trait BmmShape<L>: Shape {
    /// `[B, M, N]`.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, M: Dim, K: Dim, N: Dim> BmmShape<(B, M, K)> for (B, K, N) {
    type Output = (B, M, N);
    const BATCHED: Batched = <Self as MatmulShape<(B, M, K)>>::BATCHED;
}

/// A vector of shape `Self` on the right of a matrix of shape `L`: `[M, K]` times `[K]`.
#[diagnostic::on_unimplemented(
    message = "mv cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "mv takes a matrix `[M, K]` and a vector `[K]`; `matmul` takes matrices and batches too"
)]
pub trait MvShape<L>: Shape {
    /// `[M]`.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, K: Dim> MvShape<(M, K)> for (K,) {
    type Output = (M,);
    const BATCHED: Batched = <Self as MatmulShape<(M, K)>>::BATCHED;
}

/// A vector of shape `Self` on the right of one of shape `L` in an inner product: the shapes are equal.
#[diagnostic::on_unimplemented(
    message = "dot cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "dot takes two vectors of one length; `matmul` takes matrices and batches too"
)]
pub trait DotShape<L>: Shape {
    /// A scalar.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<K: Dim> DotShape<(K,)> for (K,) {
    type Output = ();
    const BATCHED: Batched = <Self as MatmulShape<(K,)>>::BATCHED;
}

/// A vector of shape `Self` on the right of one of shape `L` in an outer product.
#[diagnostic::on_unimplemented(
    message = "outer cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "outer takes two vectors `[M]` and `[N]`"
)]
pub trait OuterShape<L>: Shape {
    /// `[M, N]`.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<M: Dim, N: Dim> OuterShape<(M,)> for (N,) {
    type Output = (M, N);
    // A column times a row.
    const BATCHED: Batched = Batched::new([1, 1, 1], [M::SIZE, 1, N::SIZE]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2, Rank3, Rank4, Rank6};

    fn of<L, R: MatmulShape<L>>() -> &'static [usize] {
        <R::Output as Shape>::SIZES
    }

    /// Expected values: `torch.matmul(torch.ones(..), torch.ones(..)).shape`.
    #[test]
    fn the_shapes_of_products_are_those_of_pytorch() {
        assert!(of::<Rank1<3>, Rank1<3>>().is_empty());
        assert_eq!(of::<Rank2<2, 3>, Rank1<3>>(), [2]);
        assert_eq!(of::<Rank1<3>, Rank2<3, 4>>(), [4]);
        assert_eq!(of::<Rank2<2, 3>, Rank2<3, 4>>(), [2, 4]);
        assert_eq!(of::<Rank4<7, 5, 2, 3>, Rank1<3>>(), [7, 5, 2]);
        assert_eq!(of::<Rank1<3>, Rank3<5, 3, 4>>(), [5, 4]);
        assert_eq!(of::<Rank3<5, 2, 3>, Rank3<5, 3, 4>>(), [5, 2, 4]);
        assert_eq!(of::<Rank4<7, 5, 2, 3>, Rank3<5, 3, 4>>(), [7, 5, 2, 4]);
        assert_eq!(of::<Rank2<2, 3>, Rank4<7, 5, 3, 4>>(), [7, 5, 2, 4]);
        assert_eq!(of::<Rank6<6, 7, 8, 9, 2, 3>, Rank4<8, 9, 3, 4>>(), [6, 7, 8, 9, 2, 4]);
    }
}
