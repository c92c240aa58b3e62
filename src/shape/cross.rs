//! The axis of `cross`.

use super::{Const, Dim};

/// The dimension of the axis of a cross product.
#[diagnostic::on_unimplemented(
    message = "a cross product is of vectors of 3 elements, but this axis has size `{Self}`",
    label = "not an axis of size 3"
)]
pub trait SizeThree: Dim {}
impl SizeThree for Const<3> {}
