//! lr ← γ lr.

use super::LrPlan;
use crate::options;

/// Multiplies the learning rate by γ at every step. PyTorch's `lr_scheduler.ExponentialLR`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = ExponentialLr::new(0.5).start(&mut sgd);
/// schedule.step(&mut sgd);
/// schedule.step(&mut sgd);
/// assert_eq!(sgd.lr(), 0.2);
/// ```
#[derive(Clone, Debug)]
pub struct ExponentialLr {
    gamma: f64,
}

impl ExponentialLr {
    /// A plan with this factor for each step.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(gamma: f64) -> Self { // `ExponentialLr::new(0.9).start(&mut adam)`
        ExponentialLr { gamma: options::not_negative("the factor of a schedule", gamma) }
    }
}

impl LrPlan for ExponentialLr {
    fn rate(&self, epoch: usize, lr: f64, _: f64) -> f64 {
        if epoch == 0 { lr } else { lr * self.gamma }
    }
}
