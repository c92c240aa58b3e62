//! The result of a closure with a backward pass.

use crate::element::Float;

/// The number of a loss, which a closure with a backward pass returns: any float.
#[diagnostic::on_unimplemented(
    message = "this closure returns the number of its loss, which `backward` of the loss gives",
    label = "not what `backward` of a loss returns",
    note = "its last expression is `net.train(x).mse_loss(&y).backward()`, with no `;` after it"
)]
pub trait LossNumber: Float {}

#[diagnostic::do_not_recommend]
impl<E: Float> LossNumber for E {}
