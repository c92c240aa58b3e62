//! The axes that `squeeze` removes.

use super::{Const, Dim};

/// The dimension of an axis that can be left out by `squeeze`.
#[diagnostic::on_unimplemented(
    message = "squeeze removes an axis of size 1, but this axis has size `{Self}`",
    label = "not an axis of size 1"
)]
pub trait SizeOne: Dim {}

impl SizeOne for Const<1> {}
