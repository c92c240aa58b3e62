//! lr ← factor · lr where the loss no longer falls.

use crate::nn::{LoadError, StateDict, Taker};
use crate::optim::Optimizer;
use crate::optim::identity::Scheduled;
use crate::optim::reader::{self, Reader};
use crate::options;
use crate::options::Reported;

/// The direction of improvement for [`ReduceLrOnPlateau`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlateauMode {
    /// A smaller number, such as a loss.
    Min,
    /// A larger number, such as an accuracy.
    Max,
}

/// The comparison of [`ReduceLrOnPlateau`] with the best metric so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThresholdMode {
    /// Better by a share of it.
    Rel,
    /// Better by an amount.
    Abs,
}

/// Reduces the learning rate when a metric, such as the validation loss, stops improving.
/// PyTorch's `lr_scheduler.ReduceLROnPlateau`.
///
/// Call [`step`](Self::step) with the metric after each epoch. After more than `patience` epochs without improvement
/// the rate is multiplied by `factor`, and the next `cooldown` epochs do not count. It needs no `start`, and cannot be
/// part of a [`SequentialLr`](super::SequentialLr).
///
/// ```
/// use typegrad::prelude::*;
/// let mut sgd = Sgd::new(0.8);
/// let mut schedule = ReduceLrOnPlateau::new().factor(0.5).patience(1);
/// let mut rates = vec![];
/// for loss in [3.0, 2.0, 2.5, 2.0, 1.0] {
///     schedule.step(&mut sgd, loss);
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.8, 0.8, 0.8, 0.4, 0.4]);
/// ```
#[derive(Clone, Debug)]
pub struct ReduceLrOnPlateau {
    mode: PlateauMode,
    factor: f64,
    patience: usize,
    threshold: f64,
    threshold_mode: ThresholdMode,
    cooldown: usize,
    min_lr: f64,
    eps: f64,
    best: f64,
    num_bad_epochs: usize,
    cooldown_counter: usize,
    scheduled: Scheduled,
}

const BEST: &str = "best";
const NUM_BAD_EPOCHS: &str = "num_bad_epochs";
const COOLDOWN_COUNTER: &str = "cooldown_counter";

impl ReduceLrOnPlateau {
    /// A scheduler with PyTorch's defaults: smaller is better, by a share of 1e-4; a tenth of the rate after 10 epochs without
    /// improvement.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `ReduceLrOnPlateau::new().factor(0.5).patience(3)`; `plateau.step(&mut adam, loss)`
        ReduceLrOnPlateau {
            mode: PlateauMode::Min,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            threshold_mode: ThresholdMode::Rel,
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
            best: f64::INFINITY,
            num_bad_epochs: 0,
            cooldown_counter: 0,
            scheduled: Scheduled::default(),
        }
    }

    /// Sets the direction of improvement, [`PlateauMode::Min`] by default.
    #[must_use]
    pub fn mode(mut self, mode: PlateauMode) -> Self {
        self.mode = mode;
        self.best = match mode {
            PlateauMode::Min => f64::INFINITY,
            PlateauMode::Max => f64::NEG_INFINITY,
        };
        self
    }

    /// Sets the factor, 0.1 by default.
    ///
    /// # Panics
    /// If it is not in 0 ≤ factor < 1.
    #[must_use]
    #[track_caller]
    pub fn factor(mut self, factor: f64) -> Self {
        assert!(factor < 1.0, "Factor should be < 1.0.");
        self.factor = options::not_negative("factor", factor);
        self
    }

    /// Sets the number of epochs without improvement before the rate falls, 10 by default.
    #[must_use]
    pub fn patience(mut self, patience: usize) -> Self {
        self.patience = patience;
        self
    }

    /// Sets the least improvement over the best metric so far, 1e-4 by default.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = options::not_nan("threshold", threshold);
        self
    }

    /// Sets whether the threshold is a share or an amount, [`ThresholdMode::Rel`] by default.
    #[must_use]
    pub fn threshold_mode(mut self, threshold_mode: ThresholdMode) -> Self {
        self.threshold_mode = threshold_mode;
        self
    }

    /// Sets the number of epochs after a reduction that are not counted, 0 by default.
    #[must_use]
    pub fn cooldown(mut self, cooldown: usize) -> Self {
        self.cooldown = cooldown;
        self
    }

    /// Sets the lowest rate, 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn min_lr(mut self, min_lr: f64) -> Self {
        self.min_lr = options::not_negative("the lowest learning rate", min_lr);
        self
    }

    /// Sets the smallest reduction of the rate, 1e-8 by default: a smaller one is not made.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = options::not_negative("eps", eps);
        self
    }

    /// Advances by one epoch, which ended with this metric; NaN is never an improvement. Call it after the optimizer's
    /// last step of the epoch. PyTorch's `step(metrics)`.
    ///
    /// # Panics
    /// If it is another optimizer than that of the first step.
    #[track_caller]
    pub fn step(&mut self, optimizer: &mut impl Optimizer, metric: impl Reported) {
        self.scheduled.check(optimizer);
        let metric = metric.number();
        if self.is_better(metric) {
            self.best = metric;
            self.num_bad_epochs = 0;
        } else {
            self.num_bad_epochs += 1;
        }
        if self.cooldown_counter > 0 {
            self.cooldown_counter -= 1;
            self.num_bad_epochs = 0;
        }
        if self.num_bad_epochs > self.patience {
            let lr = optimizer.lr();
            let reduced = (lr * self.factor).max(self.min_lr);
            if lr - reduced > self.eps {
                optimizer.set_lr(reduced);
            }
            self.cooldown_counter = self.cooldown;
            self.num_bad_epochs = 0;
        }
    }

    fn is_better(&self, metric: f64) -> bool {
        let ReduceLrOnPlateau { best, threshold, .. } = *self;
        match (self.mode, self.threshold_mode) {
            (PlateauMode::Min, ThresholdMode::Rel) => metric < best * (1.0 - threshold),
            (PlateauMode::Min, ThresholdMode::Abs) => metric < best - threshold,
            (PlateauMode::Max, ThresholdMode::Rel) => metric > best * (threshold + 1.0),
            (PlateauMode::Max, ThresholdMode::Abs) => metric > best + threshold,
        }
    }

    /// The best number so far and the counts, for a file. PyTorch's `state_dict`; the options are those of the
    /// program.
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        reader::dict([
            (BEST, vec![self.best].into()),
            (NUM_BAD_EPOCHS, vec![self.num_bad_epochs as i64].into()),
            (COOLDOWN_COUNTER, vec![self.cooldown_counter as i64].into()),
        ])
    }

    /// Restores the state of such a scheduler. PyTorch's `load_state_dict`.
    ///
    /// # Errors
    /// If it is not the state of such a scheduler; nothing is changed then.
    pub fn load_state_dict(&mut self, dict: &StateDict) -> Result<(), LoadError> {
        let mut reader = Reader::new(dict);
        let best = reader.number(BEST);
        if best.is_nan() {
            reader.invalid(BEST, "a best number of NaN".into());
        }
        let num_bad_epochs = reader.count(NUM_BAD_EPOCHS, "epochs");
        let cooldown_counter = reader.count(COOLDOWN_COUNTER, "epochs");
        reader.finish(Taker::Scheduler)?;
        *self = ReduceLrOnPlateau { best, num_bad_epochs, cooldown_counter, ..self.clone() };
        Ok(())
    }
}

impl Default for ReduceLrOnPlateau {
    fn default() -> Self {
        ReduceLrOnPlateau::new()
    }
}
