//! Schedules: the learning rate as a function of the step.
//!
//! The formulas are PyTorch's, down to the rounding: where PyTorch computes a rate from the one before, so do we.

use super::Optimizer;
use super::identity::Scheduled;
use super::reader::{self, Reader};
use crate::nn::{LoadError, StateDict, Taker};

mod chained;
mod constant;
mod cosine;
mod exponential;
mod lambda;
mod linear;
mod multi_step;
mod one_cycle;
mod plateau;
mod sequential;
mod step;
mod warm_restarts;

pub use chained::ChainedScheduler;
pub use constant::ConstantLr;
pub use cosine::CosineAnnealingLr;
pub use exponential::ExponentialLr;
pub use lambda::LambdaLr;
pub use linear::LinearLr;
pub use multi_step::MultiStepLr;
pub use one_cycle::{AnnealStrategy, OneCycleLr};
pub use plateau::{PlateauMode, ReduceLrOnPlateau, ThresholdMode};
pub use sequential::{Schedulers, SequentialLr};
pub use step::StepLr;
pub use warm_restarts::CosineAnnealingWarmRestarts;

/// A plan for the learning rate, such as [`StepLr`]. PyTorch's `LRScheduler`.
///
/// [`start`](Self::start) makes a [`LrScheduler`] of it. PyTorch's constructors do both at once; here the options come
/// first, because several plans start with another rate than that of the optimizer.
///
/// A plan of your own implements the rate:
///
/// ```
/// use typegrad::prelude::*;
///
/// /// base_lr / √(1 + epoch)
/// struct InverseRoot;
/// impl LrPlan for InverseRoot {
///     fn rate(&self, epoch: usize, _lr: f64, base_lr: f64) -> f64 {
///         base_lr / (1.0 + epoch as f64).sqrt()
///     }
/// }
///
/// let mut sgd = Sgd::new(0.5);
/// let mut schedule = InverseRoot.start(&mut sgd);
/// (0..3).for_each(|_| schedule.step(&mut sgd));
/// assert_eq!(sgd.lr(), 0.25);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a plan for a learning rate",
    label = "not an `LrPlan`, such as `StepLr` or `CosineAnnealingLr`",
    note = "`ReduceLrOnPlateau` needs the loss at each step, so it cannot be part of another plan; an `LrScheduler` is a plan that was started"
)]
pub trait LrPlan {
    /// The learning rate after `epoch` steps of the schedule; 0 is its start.
    ///
    /// `lr` is the rate now, before it changes, and `base_lr` the one at the start, which the optimizer was created with.
    #[track_caller]
    fn rate(&self, epoch: usize, lr: f64, base_lr: f64) -> f64;

    /// The momentum after `epoch` steps, if the plan also changes it.
    fn momentum(&self, _epoch: usize) -> Option<f64> {
        None
    }

    /// Starts the plan: sets the first rate of the optimizer.
    ///
    /// # Panics
    /// If the plan changes the momentum and the optimizer has none.
    #[track_caller]
    fn start(self, optimizer: &mut impl Optimizer) -> LrScheduler<Self>
    where
        Self: Sized,
    {
        let lr = optimizer.lr();
        let scheduled = Scheduled::by(optimizer);
        let mut schedule =
            LrScheduler { scheduler: self, last_epoch: 0, base_lr: lr, last_lr: lr, scheduled };
        schedule.enter(0, optimizer);
        schedule
    }

    /// A plan steps after it was started. The type of the result is not known, so that nothing is reported where it is used.
    // rustc shows this line.
    #[rustfmt::skip]
    #[doc(hidden)]
    fn step<O: Starts<Self>, R>(&mut self, _: O) -> R where Self: Sized { unreachable!() } // `schedule.step(&mut adam)`
}

/// No optimizer does: a plan that was started is an [`LrScheduler`], which has a method `step` of its own. It is a trait of the
/// argument, so that a `step` without one is the only error.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{P}` is a plan, and only a plan that was started steps",
    label = "the plan was not started with this optimizer",
    note = "write `let mut schedule = StepLr::new(10).start(&mut sgd);`, and `schedule.step(&mut sgd)` after each epoch"
)]
pub trait Starts<P> {}

/// A boxed plan is a plan, for one that is chosen at run time.
///
/// ```
/// use typegrad::prelude::*;
/// let option = "cosine";
/// let plan: Box<dyn LrPlan> = match option {
///     "cosine" => Box::new(CosineAnnealingLr::new(100)),
///     _ => Box::new(StepLr::new(30)),
/// };
/// let mut sgd = Sgd::new(0.5);
/// let mut schedule = plan.start(&mut sgd);
/// schedule.step(&mut sgd);
/// ```
#[diagnostic::do_not_recommend]
impl<P: LrPlan + ?Sized> LrPlan for Box<P> {
    #[track_caller]
    fn rate(&self, epoch: usize, lr: f64, base_lr: f64) -> f64 {
        (**self).rate(epoch, lr, base_lr)
    }
    fn momentum(&self, epoch: usize) -> Option<f64> {
        (**self).momentum(epoch)
    }
}

/// A started [`LrPlan`]: its `step` follows each step, or each epoch, and sets the optimizer's learning rate.
///
/// ```
/// use typegrad::prelude::*;
/// let mut net = Linear::<3, 1>::new(&mut Rng::seed(0));
/// let mut adam = Adam::new(0.1);
/// let mut schedule = StepLr::new(30).gamma(0.1).start(&mut adam);
/// for epoch in 0..90 {
///     net.zero_grad();
///     net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().backward();
///     adam.step(&mut net);
///     schedule.step(&mut adam);
/// }
/// assert!((adam.lr() - 1e-4).abs() < 1e-12);
/// ```
///
/// To resume, start the plan as before and load its state; the learning rate itself is part of the optimizer's state:
///
/// ```
/// # use typegrad::prelude::*;
/// # let net = Linear::<3, 1>::new(&mut Rng::seed(0));
/// # let (mut adam, plan) = (Adam::new(0.1), LinearLr::new());
/// # let saved = (adam.state_dict(), plan.clone().start(&mut adam).state_dict());
/// let mut schedule = plan.start(&mut adam);
/// adam.load_state_dict(&saved.0, &net)?; // after the start, which changes the rate
/// schedule.load_state_dict(&saved.1)?;
/// # Ok::<(), typegrad::nn::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LrScheduler<P> {
    scheduler: P,
    last_epoch: usize,
    base_lr: f64,
    last_lr: f64,
    scheduled: Scheduled,
}

const LAST_EPOCH: &str = "last_epoch";
const BASE_LR: &str = "base_lr";
const LAST_LR: &str = "last_lr";

impl<P: LrPlan> LrScheduler<P> {
    /// Advances by one step, and sets the optimizer's rate for the next one. Call it after `optimizer.step`.
    /// PyTorch's `step`.
    ///
    /// # Panics
    /// If it is not the optimizer that the plan was started with (nor a clone of it), if the optimizer rejects the rate, or the plan
    /// is over ([`OneCycleLr`]).
    // rustc shows the next line where the optimizer is missing.
    #[track_caller]
    #[rustfmt::skip]
    pub fn step(&mut self, optimizer: &mut impl Optimizer) { // `schedule.step(&mut adam)`
        self.scheduled.check(optimizer);
        self.enter(self.last_epoch + 1, optimizer);
    }

    #[track_caller]
    fn enter(&mut self, epoch: usize, optimizer: &mut impl Optimizer) {
        let lr = self.scheduler.rate(epoch, optimizer.lr(), self.base_lr);
        optimizer.set_lr(lr);
        if let Some(momentum) = self.scheduler.momentum(epoch) {
            assert!(
                optimizer.current_momentum().is_some(),
                "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
            );
            optimizer.set_momentum(momentum);
        }
        (self.last_epoch, self.last_lr) = (epoch, lr);
    }

    /// The rate that it gave last. PyTorch's `get_last_lr`.
    #[must_use]
    pub fn last_lr(&self) -> f64 {
        self.last_lr
    }

    /// The number of its steps. PyTorch's `last_epoch`.
    #[must_use]
    pub fn last_epoch(&self) -> usize {
        self.last_epoch
    }

    /// The state, for a file. PyTorch's `state_dict`; options are not saved.
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        reader::dict([
            (LAST_EPOCH, vec![self.last_epoch as i64].into()),
            (BASE_LR, vec![self.base_lr].into()),
            (LAST_LR, vec![self.last_lr].into()),
        ])
    }

    /// Restores the state of a scheduler. PyTorch's `load_state_dict`. The optimizer is not
    /// changed: its own state has the rate.
    ///
    /// # Errors
    /// If it is not the state of a scheduler; nothing is changed then.
    pub fn load_state_dict(&mut self, dict: &StateDict) -> Result<(), LoadError> {
        let mut reader = Reader::new(dict);
        let last_epoch = reader.count(LAST_EPOCH, "epochs");
        let base_lr = reader.rate(BASE_LR);
        let last_lr = reader.rate(LAST_LR);
        reader.finish(Taker::Scheduler)?;
        (self.last_epoch, self.base_lr, self.last_lr) = (last_epoch, base_lr, last_lr);
        Ok(())
    }
}
