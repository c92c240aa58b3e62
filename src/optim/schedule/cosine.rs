//! lr = η + (base - η) (1 + cos(π t / T)) / 2.

use super::LrPlan;
use crate::options;
use std::f64::consts::PI;

/// Half a wave of the cosine, from the learning rate down to `eta_min`. PyTorch's `lr_scheduler.CosineAnnealingLR`.
///
/// After t steps it is η + (base - η) · (1 + cos(π t / T)) / 2, with T = `t_max` and η = `eta_min`; beyond T it rises
/// again. As in PyTorch, each rate is computed from the one before, so that it can be chained.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = CosineAnnealingLr::new(4).start(&mut sgd);
/// schedule.step(&mut sgd);
/// schedule.step(&mut sgd);
/// assert!((sgd.lr() - 0.4).abs() < 1e-12);
/// ```
#[derive(Clone, Debug)]
pub struct CosineAnnealingLr {
    t_max: usize,
    eta_min: f64,
}

impl CosineAnnealingLr {
    /// Down to 0 in `t_max` steps.
    ///
    /// # Panics
    /// If `t_max` is 0.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(t_max: usize) -> Self { // `CosineAnnealingLr::new(100).eta_min(1e-5).start(&mut adam)`
        assert!(t_max > 0, "Expected positive integer T_max, but got 0");
        CosineAnnealingLr { t_max, eta_min: 0.0 }
    }

    /// Sets the lowest rate, 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = options::not_negative("the lowest learning rate", eta_min);
        self
    }
}

impl LrPlan for CosineAnnealingLr {
    fn rate(&self, epoch: usize, lr: f64, base_lr: f64) -> f64 {
        let CosineAnnealingLr { t_max, eta_min } = *self;
        if epoch == 0 {
            return lr;
        }
        // `libm`'s cosine is the same on every machine.
        let wave = |epoch: usize| libm::cos(PI * epoch as f64 / t_max as f64);
        if (epoch - 1) % (2 * t_max) == t_max {
            // The rate was `eta_min`, from which no multiple leads up.
            lr + (base_lr - eta_min) * (1.0 - libm::cos(PI / t_max as f64)) / 2.0
        } else {
            (1.0 + wave(epoch)) / (1.0 + wave(epoch - 1)) * (lr - eta_min) + eta_min
        }
    }
}
