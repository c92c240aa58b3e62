//! The shapes of matrix products.

use super::rank::for_each_rank;
use super::{Dim, Known, Law, Message, SameSize, Shape, TakesSize};
use crate::kernel::Batched;
use std::marker::PhantomData;

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
            or leading ones absent on one side"
)]
pub trait MatmulShape<L>: Shape {
    /// The shape of the product.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

/// The shape `$shape`, where the sizes of each pair may be equal: where they are not, rustc knows nothing of it, and does not
/// report the mistake again, where the result is used.
macro_rules! known_where {
    ([] $shape:ty) => { $shape };
    ([($one:ident $other:ident) $($pair:tt)*] $shape:ty) => {
        <<$one as SameSize<$other>>::Common as Known>::Then<known_where!([$($pair)*] $shape)>
    };
}

macro_rules! impl_matmul {
    // Two of the six axes are those of the matrices.
    ($a:ident $b:ident $c:ident $d:ident $e:ident $($f:ident)?) => {};
    ($($batch:ident)*) => {
        impl_matmul!(@pairs [] [$($batch)*] G H I O);

        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* K: Dim + SameSize<J>, J: Dim, N: Dim> MatmulShape<(K,)> for ($($batch,)* J, N) {
            type Output = known_where!([(K J)] ($($batch,)* N,));
            const BATCHED: Batched =
                Batched::new([1, 1 $(* $batch::SIZE)*, 1 $(* $batch::SIZE)*], [1, K::SIZE, N::SIZE]);
        }
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: Dim, K: Dim + SameSize<J>, J: Dim> MatmulShape<($($batch,)* M, K)> for (J,) {
            type Output = known_where!([(K J)] ($($batch,)* M,));
            const BATCHED: Batched =
                Batched::new([1 $(* $batch::SIZE)*, 1, 1 $(* $batch::SIZE)*], [M::SIZE, K::SIZE, 1]);
        }
    };
    // A second letter for each batch axis.
    (@pairs [$($pair:tt)*] [$dim:ident $($rest:ident)*] $other:ident $($more:ident)*) => {
        impl_matmul!(@pairs [$($pair)* ($dim $other)] [$($rest)*] $($more)*);
    };
    (@pairs [$($pair:tt)*] [] $($unused:ident)*) => {
        impl_matmul!(@matrices [] [] $($pair)*);
        impl_matmul!(@ends [] $($pair)*);
    };
    // Each proper end of the batch axes, on either side.
    (@ends [$($front:ident)*] ($next:ident $other:ident) $($end:tt)*) => {
        impl_matmul!(@matrices [$($front)* $next] [] $($end)*);
        impl_matmul!(@matrices [] [$($front)* $next] $($end)*);
        impl_matmul!(@ends [$($front)* $next] $($end)*);
    };
    (@ends [$($front:ident)*]) => {};
    // The leading batch axes of the left side, of the right side, and those of both.
    (@matrices [$($left:ident)*] [$($right:ident)*] $(($batch:ident $other:ident))*) => {
        #[diagnostic::do_not_recommend]
        impl<
            $($left: Dim,)* $($right: Dim,)* $($batch: Dim + SameSize<$other>, $other: Dim,)*
            M: Dim, K: Dim + SameSize<J>, J: Dim, N: Dim,
        >
            MatmulShape<($($left,)* $($batch,)* M, K)> for ($($right,)* $($other,)* J, N)
        {
            type Output = known_where!(
                [(K J) $(($batch $other))*] ($($left,)* $($right,)* $(<$batch as SameSize<$other>>::Common,)* M, N)
            );
            const BATCHED: Batched = Batched::new(
                [
                    1 $(* $left::SIZE)* $(* $batch::SIZE)*,
                    1 $(* $right::SIZE)* $(* $batch::SIZE)*,
                    1 $(* $left::SIZE)* $(* $right::SIZE)* $(* $batch::SIZE)*,
                ],
                [M::SIZE, K::SIZE, N::SIZE],
            );
        }
    };
}
for_each_rank!(impl_matmul);

#[diagnostic::do_not_recommend]
impl<K: Dim + SameSize<J>, J: Dim> MatmulShape<(K,)> for (J,) {
    type Output = ();
    const BATCHED: Batched = Batched::new([1, 1, 1], [1, K::SIZE, 1]);
}

/// The sizes of two operands of a product, of which some are computed.
pub(crate) struct ProductSizes<L, R>(PhantomData<(L, R)>);

/// Whether the inner sizes of two operands of `matmul` are equal, and their batch axes.
const fn multiply(a: &[usize], b: &[usize]) -> bool {
    let (m, n) = (a.len(), b.len());
    if m == 0 || n == 0 {
        return true;
    }
    let mut equal = a[m - 1] == b[if n == 1 { 0 } else { n - 2 }];
    let mut i = 3;
    while equal && i <= m && i <= n {
        equal = a[m - i] == b[n - i];
        i += 1;
    }
    equal
}

impl<L: Shape, R: Shape> Law for ProductSizes<L, R> {
    const WRONG: Option<Message> = if L::LOST || R::LOST || multiply(L::SIZES, R::SIZES) {
        None
    } else {
        let message = Message::new()
            .text("cannot multiply a tensor of shape ")
            .sizes(L::SIZES)
            .text(" by one of shape ")
            .sizes(R::SIZES);
        Some(message)
    };
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
impl<M: Dim, K: Dim + SameSize<J>, J: Dim, N: Dim> MmShape<(M, K)> for (J, N) {
    type Output = known_where!([(K J)] (M, N));
    const BATCHED: Batched = <Self as MatmulShape<(M, K)>>::BATCHED;
}

/// A batch of matrices of shape `Self` on the right of one of shape `L`: `[B, M, K]` times `[B, K, N]`.
#[diagnostic::on_unimplemented(
    message = "bmm cannot multiply a tensor of shape `{L}` by one of shape `{Self}`",
    label = "`{L}` times `{Self}`",
    note = "bmm takes `[B, M, K]` and `[B, K, N]` with equal batches and inner sizes; `matmul` shares a matrix"
)]
pub trait BmmShape<L>: Shape {
    /// `[B, M, N]`.
    type Output: Shape;
    #[doc(hidden)]
    const BATCHED: Batched;
}

#[diagnostic::do_not_recommend]
impl<B: Dim + SameSize<A>, A: Dim, M: Dim, K: Dim + SameSize<J>, J: Dim, N: Dim> BmmShape<(B, M, K)>
    for (A, J, N)
{
    type Output = known_where!([(K J) (B A)] (<B as SameSize<A>>::Common, M, N));
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
impl<M: Dim, K: Dim + TakesSize<J>, J: Dim> MvShape<(M, K)> for (J,) {
    type Output = <<K as TakesSize<J>>::Itself as Known>::Then<(M,)>;
    const BATCHED: Batched = Batched::new([1, 1, 1], [M::SIZE, K::SIZE, 1]);
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
impl<K: Dim + TakesSize<J>, J: Dim> DotShape<(K,)> for (J,) {
    type Output = <<K as TakesSize<J>>::Itself as Known>::Then<()>;
    const BATCHED: Batched = Batched::new([1, 1, 1], [1, K::SIZE, 1]);
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
