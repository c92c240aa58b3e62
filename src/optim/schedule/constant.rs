//! lr = base · factor, for the first steps.

use super::LrPlan;

/// Multiplies the learning rate by a factor for the first steps. PyTorch's `lr_scheduler.ConstantLR`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = ConstantLr::new().factor(0.5).total_iters(2).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..3 {
///     schedule.step(&mut sgd);
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.4, 0.4, 0.8, 0.8]);
/// ```
#[derive(Clone, Debug)]
pub struct ConstantLr {
    factor: f64,
    total_iters: usize,
}

impl ConstantLr {
    /// A plan with PyTorch's defaults: a third of the rate for 5 steps.
    #[must_use]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // `ConstantLr::new().factor(0.5).total_iters(10).start(&mut adam)`
        ConstantLr { factor: 1.0 / 3.0, total_iters: 5 }
    }

    /// Sets the factor, 1/3 by default.
    ///
    /// # Panics
    /// If it is not in 0 ≤ factor ≤ 1.
    #[must_use]
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&factor),
            "Constant multiplicative factor expected to be between 0 and 1."
        );
        self.factor = factor;
        self
    }

    /// Sets the number of steps, 5 by default.
    #[must_use]
    pub fn total_iters(mut self, total_iters: usize) -> Self {
        self.total_iters = total_iters;
        self
    }
}

impl Default for ConstantLr {
    fn default() -> Self {
        ConstantLr::new()
    }
}

impl LrPlan for ConstantLr {
    fn rate(&self, epoch: usize, lr: f64, base_lr: f64) -> f64 {
        if epoch == 0 {
            lr * self.factor
        } else if epoch != self.total_iters {
            lr
        } else if self.factor == 0.0 {
            // Where PyTorch divides by zero.
            base_lr
        } else {
            lr * (1.0 / self.factor)
        }
    }
}
