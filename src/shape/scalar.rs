//! The shape of a scalar.

use super::Shape;

/// The shape of a scalar.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` is not a scalar",
    label = "is for scalars, whose shape is `()`",
    note = "make it one first, such as by `x.sum()` or `x.mean()`"
)]
pub trait ScalarShape: Shape {}

#[diagnostic::do_not_recommend]
impl ScalarShape for () {}
