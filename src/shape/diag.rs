//! Vectors, and the matrices that have them on a diagonal.

use super::refused::refuse;
use super::{Dim, DimExpr, Expr, Shape};
use std::marker::PhantomData;

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

/// A vector, whose matrix `diag::<K>()` gives, or a matrix, whose diagonal it gives.
#[diagnostic::on_unimplemented(
    message = "diag takes a vector or a matrix, not a tensor of shape `{Self}`",
    label = "neither of rank 1 nor of rank 2",
    note = "the diagonals of a batch of matrices are `einsum!(\"bii->bi\", x)`"
)]
pub trait VectorOrMatrix<const K: isize>: Shape {
    /// The matrix of the vector, or the diagonal of the matrix.
    type Output: Shape;
}

#[diagnostic::do_not_recommend]
impl<D: Dim, const K: isize> VectorOrMatrix<K> for (D,) {
    type Output = (Expr<DiagonalSide<D, K>>, Expr<DiagonalSide<D, K>>);
}

#[diagnostic::do_not_recommend]
impl<A: Dim, B: Dim, const K: isize> VectorOrMatrix<K> for (A, B) {
    type Output = (Expr<DiagonalLength<A, B, K>>,);
}

/// Implements `VectorOrMatrix` for shapes that are neither.
macro_rules! refuse_diagonals {
    ($($k:literal)*) => { $(
        refuse!([] [A B C] [A B C D] [A B C D E] [A B C D E F] of VectorOrMatrix<{ isize::MAX - $k }>: {
            type Output = Self;
        });
    )* };
}
refuse_diagonals!(0 1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2};

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
