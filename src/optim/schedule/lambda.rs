//! lr = base · f(t).

use super::LrPlan;
use std::fmt;

/// The learning rate times a function of the number of steps. PyTorch's `lr_scheduler.LambdaLR`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = LambdaLr::new(|epoch| 1.0 / (1 + epoch) as f64).start(&mut sgd);
/// schedule.step(&mut sgd);
/// assert_eq!(sgd.lr(), 0.4);
/// ```
#[derive(Clone)]
pub struct LambdaLr<F> {
    lr_lambda: F,
}

impl<F: Fn(usize) -> f64> LambdaLr<F> {
    /// A plan whose factor is this function of the epoch.
    #[must_use]
    pub fn new(lr_lambda: F) -> Self {
        LambdaLr { lr_lambda }
    }
}

impl<F: Fn(usize) -> f64> LrPlan for LambdaLr<F> {
    fn rate(&self, epoch: usize, _: f64, base_lr: f64) -> f64 {
        base_lr * (self.lr_lambda)(epoch)
    }
}

impl<F> fmt::Debug for LambdaLr<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LambdaLr").finish_non_exhaustive()
    }
}
