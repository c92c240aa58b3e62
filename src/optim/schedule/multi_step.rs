//! lr ← γ lr at each milestone.

use super::LrPlan;
use crate::options;

/// Multiplies the learning rate by γ at each milestone. PyTorch's `lr_scheduler.MultiStepLR`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = MultiStepLr::new([1, 3]).gamma(0.5).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..4 {
///     schedule.step(&mut sgd);
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.8, 0.4, 0.4, 0.2, 0.2]);
/// ```
#[derive(Clone, Debug)]
pub struct MultiStepLr {
    milestones: Vec<usize>,
    gamma: f64,
}

impl MultiStepLr {
    /// A plan with γ = 0.1. The milestones may be in any order; one that is named twice counts twice.
    #[must_use]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(milestones: impl Into<Vec<usize>>) -> Self { // `MultiStepLr::new([30, 60]).gamma(0.1).start(&mut adam)`
        MultiStepLr { milestones: milestones.into(), gamma: 0.1 }
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

impl LrPlan for MultiStepLr {
    fn rate(&self, epoch: usize, lr: f64, _: f64) -> f64 {
        let times = self.milestones.iter().filter(|&&milestone| milestone == epoch).count();
        if times == 0 { lr } else { lr * num_traits::pow(self.gamma, times) }
    }
}
