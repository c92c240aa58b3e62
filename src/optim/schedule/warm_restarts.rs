//! lr = η + (base - η) (1 + cos(π t / T)) / 2, again and again, with a T that grows.

use super::LrPlan;
use crate::options;
use std::f64::consts::PI;

/// Half waves of the cosine down to `eta_min`, each `t_mult` times as long as the one before (Loshchilov, Hutter 2017).
/// PyTorch's `lr_scheduler.CosineAnnealingWarmRestarts`.
///
/// After t steps of a wave that is T long it is η + (base - η) · (1 + cos(π t / T)) / 2, with η = `eta_min`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = CosineAnnealingWarmRestarts::new(2).t_mult(2).start(&mut sgd);
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..6 {
///     schedule.step(&mut sgd);
///     rates.push((sgd.lr() * 1e3).round() / 1e3);
/// }
/// assert_eq!(rates, [0.8, 0.4, 0.8, 0.683, 0.4, 0.117, 0.8]);
/// ```
#[derive(Clone, Debug)]
pub struct CosineAnnealingWarmRestarts {
    t_0: usize,
    t_mult: usize,
    eta_min: f64,
}

impl CosineAnnealingWarmRestarts {
    /// Waves of `t_0` steps, down to 0.
    ///
    /// # Panics
    /// If `t_0` is 0.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(t_0: usize) -> Self { // `CosineAnnealingWarmRestarts::new(10).t_mult(2).start(&mut adam)`
        assert!(t_0 > 0, "Expected positive integer T_0, but got {t_0}");
        CosineAnnealingWarmRestarts { t_0, t_mult: 1, eta_min: 0.0 }
    }

    /// Sets the ratio of the length of each wave to that of the one before, 1 by default.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub fn t_mult(mut self, t_mult: usize) -> Self {
        assert!(t_mult >= 1, "Expected integer T_mult >= 1, but got {t_mult}");
        self.t_mult = t_mult;
        self
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

    /// The number of steps since the last restart, and the length of this wave.
    fn place(&self, epoch: usize) -> (usize, usize) {
        if self.t_mult == 1 {
            return (epoch % self.t_0, self.t_0);
        }
        let (mut t, mut length) = (epoch, self.t_0);
        while t >= length {
            t -= length;
            length = length.saturating_mul(self.t_mult);
        }
        (t, length)
    }
}

impl LrPlan for CosineAnnealingWarmRestarts {
    fn rate(&self, epoch: usize, _: f64, base_lr: f64) -> f64 {
        let (t, length) = self.place(epoch);
        // `libm`'s cosine is the same on every machine.
        let wave = libm::cos(PI * t as f64 / length as f64);
        self.eta_min + (base_lr - self.eta_min) * (1.0 + wave) / 2.0
    }
}
