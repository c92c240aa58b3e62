//! The shape of a vector.

use super::{Dim, Shape};

/// A shape of one axis, which a row of numbers has.
#[diagnostic::on_unimplemented(
    message = "a row of numbers is a vector, but the shape `{Self}` is not that of a vector",
    label = "not of one axis",
    note = "make the vector first: `Tensor::<Rank1<6>>::arange().reshape::<Rank2<2, 3>>()`"
)]
pub trait Vector: Shape {}

impl<D: Dim> Vector for (D,) {}
