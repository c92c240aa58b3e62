//! lr = base · (start + (end - start) t / T): the warm-up.

use super::LrPlan;

/// Moves the learning rate from a factor to another in a straight line: a warm-up. PyTorch's `lr_scheduler.LinearLR`.
///
/// After t of T = `total_iters` steps it is base · (`start_factor` + (`end_factor` - `start_factor`) · t / T), and constant
/// after T. As in PyTorch, each rate is computed from the one before.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = LinearLr::new().start_factor(0.25).total_iters(3).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..4 {
///     schedule.step(&mut sgd);
///     rates.push((sgd.lr() * 1e12).round() / 1e12);
/// }
/// assert_eq!(rates, [0.2, 0.4, 0.6, 0.8, 0.8]);
/// ```
#[derive(Clone, Debug)]
pub struct LinearLr {
    start_factor: f64,
    end_factor: f64,
    total_iters: usize,
}

impl LinearLr {
    /// A plan with PyTorch's defaults: from a third of the rate to the whole in 5 steps.
    #[must_use]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // `LinearLr::new().start_factor(0.1).total_iters(10).start(&mut adam)`
        LinearLr { start_factor: 1.0 / 3.0, end_factor: 1.0, total_iters: 5 }
    }

    /// Sets the factor at the start, 1/3 by default.
    ///
    /// # Panics
    /// If it is not in 0 < factor ≤ 1.
    #[must_use]
    #[track_caller]
    pub fn start_factor(mut self, start_factor: f64) -> Self {
        assert!(
            0.0 < start_factor && start_factor <= 1.0,
            "Starting multiplicative factor expected to be greater than 0 and less or equal to 1."
        );
        self.start_factor = start_factor;
        self
    }

    /// Sets the factor at the end, 1 by default.
    ///
    /// # Panics
    /// If it is not in 0 ≤ factor ≤ 1.
    #[must_use]
    #[track_caller]
    pub fn end_factor(mut self, end_factor: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&end_factor),
            "Ending multiplicative factor expected to be between 0 and 1."
        );
        self.end_factor = end_factor;
        self
    }

    /// Sets the number of steps, 5 by default.
    #[must_use]
    pub fn total_iters(mut self, total_iters: usize) -> Self {
        self.total_iters = total_iters;
        self
    }
}

impl Default for LinearLr {
    fn default() -> Self {
        LinearLr::new()
    }
}

impl LrPlan for LinearLr {
    fn rate(&self, epoch: usize, lr: f64, _: f64) -> f64 {
        let LinearLr { start_factor, end_factor, total_iters } = *self;
        if epoch == 0 {
            lr * start_factor
        } else if epoch > total_iters {
            lr
        } else {
            let rise = end_factor - start_factor;
            lr * (1.0 + rise / (total_iters as f64 * start_factor + (epoch - 1) as f64 * rise))
        }
    }
}
