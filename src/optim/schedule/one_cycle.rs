//! One cycle: up to the largest rate, and down to almost 0, while the momentum changes in the opposite direction.

use super::LrPlan;
use crate::options;
use std::f64::consts::PI;

/// The interpolation between rates of [`OneCycleLr`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AnnealStrategy {
    /// Half a wave of the cosine.
    Cos,
    /// A straight line.
    #[doc(hidden)]
    Straight,
}

impl std::fmt::Debug for AnnealStrategy {
    /// As the name that programs write.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AnnealStrategy::Cos => "Cos",
            AnnealStrategy::Straight => "Linear",
        })
    }
}

impl AnnealStrategy {
    /// A straight line.
    // A constant, because rustc would print the path of the layer `Linear` if a variant had its name.
    #[allow(non_upper_case_globals, reason = "it is written as the variant of an enum")]
    pub const Linear: Self = AnnealStrategy::Straight;
}

/// One cycle of the learning rate, for a run of a known number of steps (Smith, Topin 2017). PyTorch's
/// `lr_scheduler.OneCycleLR`.
///
/// The rate goes from `max_lr` / `div_factor` up to `max_lr` in the first part of the steps, `pct_start` of them, and
/// down to `max_lr` / `div_factor` / `final_div_factor` in the rest; with [`three_phase`](Self::three_phase) it first
/// returns to its initial value. The momentum (Adam's β₁) goes from `max_momentum` down to `base_momentum` and back. The
/// rate that the optimizer was constructed with is not used.
///
/// Call its `step` after each batch, not each epoch. After the last step the rate stays constant.
///
/// ```
/// use typegrad::prelude::*;
/// let mut net = Linear::<3, 1>::new(&mut Rng::seed(0));
/// let mut sgd = Sgd::new(0.1).momentum(0.9);
/// let mut schedule = OneCycleLr::new(1.0, 100).start(&mut sgd);
/// let mut rates = vec![];
/// for _ in 0..100 {
///     rates.push((sgd.lr() as f32, sgd.current_momentum().unwrap() as f32));
///     net.train(Tensor::<Rank1<3>>::ones()).sum().backward();
///     sgd.step(&mut net);
///     schedule.step(&mut sgd);
/// }
/// assert_eq!(rates[0], (0.04, 0.95));
/// assert_eq!(rates[29], (1.0, 0.85));
/// assert_eq!(rates[99], (4e-6, 0.95));
/// ```
#[derive(Clone, Debug)]
pub struct OneCycleLr {
    max_lr: f64,
    total_steps: usize,
    pct_start: f64,
    anneal_strategy: AnnealStrategy,
    cycle_momentum: bool,
    base_momentum: f64,
    max_momentum: f64,
    div_factor: f64,
    final_div_factor: f64,
    three_phase: bool,
}

impl OneCycleLr {
    /// A plan with PyTorch's defaults: two phases, the first of 30 % of the steps.
    ///
    /// # Panics
    /// If `total_steps` is 0, or `max_lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where the optimizer is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(max_lr: f64, total_steps: usize) -> Self { // `OneCycleLr::new(0.1, 1000).pct_start(0.2).start(&mut adam)`
        assert!(total_steps > 0, "Expected positive integer total_steps, but got {total_steps}");
        let max_lr = options::not_negative("max_lr", max_lr);
        OneCycleLr {
            max_lr,
            total_steps,
            pct_start: 0.3,
            anneal_strategy: AnnealStrategy::Cos,
            cycle_momentum: true,
            base_momentum: 0.85,
            max_momentum: 0.95,
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }

    /// Sets the share of the steps in which the rate rises, 0.3 by default.
    ///
    /// # Panics
    /// If it is not in 0 ≤ p ≤ 1.
    #[must_use]
    #[track_caller]
    pub fn pct_start(mut self, pct_start: f64) -> Self {
        let valid = (0.0..=1.0).contains(&pct_start);
        assert!(valid, "Expected float between 0 and 1 pct_start, but got {pct_start:?}");
        self.pct_start = pct_start;
        self
    }

    /// Sets the interpolation between rates, [`AnnealStrategy::Cos`] by default.
    #[must_use]
    pub fn anneal_strategy(mut self, anneal_strategy: AnnealStrategy) -> Self {
        self.anneal_strategy = anneal_strategy;
        self
    }

    /// Sets whether the momentum has a cycle as well; it does by default.
    #[must_use]
    pub fn cycle_momentum(mut self, cycle_momentum: bool) -> Self {
        self.cycle_momentum = cycle_momentum;
        self
    }

    /// Sets the momentum where the rate is the largest, 0.85 by default.
    ///
    /// # Panics
    /// If it is not from 0 to 1.
    #[must_use]
    #[track_caller]
    pub fn base_momentum(mut self, base_momentum: f64) -> Self {
        self.base_momentum = options::share("a momentum", base_momentum);
        self
    }

    /// Sets the momentum at the start and at the end, 0.95 by default.
    ///
    /// # Panics
    /// If it is not from 0 to 1.
    #[must_use]
    #[track_caller]
    pub fn max_momentum(mut self, max_momentum: f64) -> Self {
        self.max_momentum = options::share("a momentum", max_momentum);
        self
    }

    /// Sets the largest rate divided by the first, 25 by default.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn div_factor(mut self, div_factor: f64) -> Self {
        self.div_factor = options::positive("div_factor", div_factor);
        self
    }

    /// Sets the first rate divided by the last, 10,000 by default.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn final_div_factor(mut self, final_div_factor: f64) -> Self {
        self.final_div_factor = options::positive("final_div_factor", final_div_factor);
        self
    }

    /// Goes down in two phases: as far as it came up, in as many steps, and then to the end.
    #[must_use]
    pub fn three_phase(mut self) -> Self {
        self.three_phase = true;
        self
    }

    /// The phase of a step, and the share of the phase that is over.
    fn place(&self, step: usize) -> (usize, f64) {
        let (step, total) = (step as f64, self.total_steps as f64);
        let (first, last) = (self.pct_start * total - 1.0, total - 1.0);
        let second = 2.0 * self.pct_start * total - 2.0;
        let ends: &[f64] = if self.three_phase { &[first, second, last] } else { &[first, last] };
        let phase = ends.iter().position(|&end| step <= end).unwrap_or(ends.len() - 1);
        let begin = if phase == 0 { 0.0 } else { ends[phase - 1] };
        let length = ends[phase] - begin;
        // A phase without steps is over immediately, where PyTorch divides by zero. After the last step it stays over, where
        // PyTorch continues linearly, to a negative rate.
        (phase, if length == 0.0 { 1.0 } else { ((step - begin) / length).min(1.0) })
    }

    /// The value at a step, which goes through these values at the ends of the phases.
    fn anneal(&self, step: usize, start: f64, top: f64, end: f64) -> f64 {
        let (phase, share) = self.place(step);
        let (from, to) = match phase {
            0 => (start, top),
            1 if self.three_phase => (top, start),
            1 => (top, end),
            _ => (start, end),
        };
        match self.anneal_strategy {
            // `libm`'s cosine is the same on every machine.
            AnnealStrategy::Cos => to + (from - to) / 2.0 * (libm::cos(PI * share) + 1.0),
            AnnealStrategy::Linear => (to - from) * share + from,
        }
    }
}

impl LrPlan for OneCycleLr {
    /// # Panics
    /// If there were more steps than the cycle has.
    #[track_caller]
    fn rate(&self, step: usize, _: f64, _: f64) -> f64 {
        assert!(
            step <= self.total_steps,
            "Tried to step {step} times. The specified number of total steps is {}",
            self.total_steps
        );
        let first = self.max_lr / self.div_factor;
        self.anneal(step, first, self.max_lr, first / self.final_div_factor)
    }

    fn momentum(&self, step: usize) -> Option<f64> {
        let max = self.max_momentum;
        self.cycle_momentum.then(|| self.anneal(step, max, self.base_momentum, max))
    }
}
