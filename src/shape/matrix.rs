//! Shapes of matrices.

use super::{Axis, Dim, Shape};

/// A shape of two axes.
#[diagnostic::on_unimplemented(
    message = "this takes a matrix, but the tensor has the shape `{Self}`",
    label = "not a matrix",
    note = "`x.transpose::<-2, -1>()` exchanges the last two axes"
)]
pub trait Matrix: Shape {}

#[diagnostic::do_not_recommend]
impl<A: Dim, B: Dim> Matrix for (A, B) {}

/// A shape of two axes, which an identity has.
#[diagnostic::on_unimplemented(
    message = "an identity is a matrix, but the shape `{Self}` is not that of a matrix",
    label = "not of two axes"
)]
pub trait EyeShape: Shape {
    /// The number of columns.
    const COLUMNS: usize;
}

#[diagnostic::do_not_recommend]
impl<A: Dim, B: Dim> EyeShape for (A, B) {
    const COLUMNS: usize = B::SIZE;
}

/// A shape of two axes, whose diagonal has a sum.
#[diagnostic::on_unimplemented(
    message = "a trace is of a matrix, but this tensor has the shape `{Self}`",
    label = "not a matrix",
    note = "of a batch of matrices: `einsum!(\"bii->b\", x)`"
)]
pub trait TraceShape: Shape {
    /// The number of rows and that of columns.
    const MATRIX: [usize; 2];
}

#[diagnostic::do_not_recommend]
impl<A: Dim, B: Dim> TraceShape for (A, B) {
    const MATRIX: [usize; 2] = [A::SIZE, B::SIZE];
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

macro_rules! impl_matrices {
    ($($lead:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($lead: Dim,)* Rows: Dim, Columns: Dim> Matrices for ($($lead,)* Rows, Columns) {
            const MATRIX: [usize; 2] = [Rows::SIZE, Columns::SIZE];
        }
    };
}
impl_matrices!();
impl_matrices!(A);
impl_matrices!(A B);
impl_matrices!(A B C);
impl_matrices!(A B C D);
