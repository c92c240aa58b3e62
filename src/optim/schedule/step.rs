//! lr ← γ lr, every `step_size` epochs.

use super::LrPlan;
use crate::options;

/// Multiplies the learning rate by γ every `step_size` epochs. PyTorch's `lr_scheduler.StepLR`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = StepLr::new(2).gamma(0.5).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..4 {
///     schedule.step(&mut sgd);
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.8, 0.8, 0.4, 0.4, 0.2]);
/// ```
#[derive(Clone, Debug)]
pub struct StepLr {
    step_size: usize,
    gamma: f64,
}

impl StepLr {
    /// A plan with γ = 0.1.
    ///
    /// # Panics
    /// If `step_size` is 0.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(step_size: usize) -> Self { // `StepLr::new(30).gamma(0.1).start(&mut adam)`
        assert!(step_size > 0, "Expected positive integer step_size, but got 0");
        StepLr { step_size, gamma: 0.1 }
    }

    /// Sets the factor, 0.1 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = options::not_negative("the factor of a schedule", gamma);
        self
    }
}

impl LrPlan for StepLr {
    fn rate(&self, epoch: usize, lr: f64, _: f64) -> f64 {
        if epoch > 0 && epoch.is_multiple_of(self.step_size) { lr * self.gamma } else { lr }
    }
}
