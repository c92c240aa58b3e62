//! Several plans, applied together.

use super::{LrPlan, Schedulers};

/// Several plans, applied together: each changes the rate that the one before it left. PyTorch's
/// `lr_scheduler.ChainedScheduler`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let half_at_first = ConstantLr::new().factor(0.5).total_iters(2);
/// let mut schedule = ChainedScheduler::new((half_at_first, ExponentialLr::new(0.5))).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..3 {
///     schedule.step(&mut sgd);
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.4, 0.2, 0.2, 0.1]);
/// ```
#[derive(Clone, Debug)]
pub struct ChainedScheduler<R> {
    schedulers: R,
}

impl<R: Schedulers> ChainedScheduler<R> {
    /// A tuple of plans.
    #[must_use]
    pub fn new(schedulers: R) -> Self {
        ChainedScheduler { schedulers }
    }

    fn each(&self) -> impl Iterator<Item = &dyn LrPlan> {
        (0..).map_while(|index| self.schedulers.at(index))
    }
}

impl<R: Schedulers> LrPlan for ChainedScheduler<R> {
    #[track_caller]
    fn rate(&self, epoch: usize, mut lr: f64, base_lr: f64) -> f64 {
        for scheduler in self.each() {
            lr = scheduler.rate(epoch, lr, base_lr);
        }
        lr
    }
    fn momentum(&self, epoch: usize) -> Option<f64> {
        self.each().filter_map(|scheduler| scheduler.momentum(epoch)).last()
    }
}
