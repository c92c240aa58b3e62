//! Optimizers and learning-rate schedulers. PyTorch's `torch.optim`.
//!
//! The type of an optimizer does not depend on the module it trains, so it can be a field of any struct. It is given the
//! module at each step, `adam.step(&mut net)`, and keeps its state in the order in which [`Module::visit`] shows the parameters.
//!
//! | | step |
//! |---|---|
//! | [`Sgd`] | θ ← θ - lr g, with momentum, dampening and Nesterov's momentum |
//! | [`Adam`] | θ ← θ - lr m̂ / (√v̂ + ε), and AMSGrad |
//! | [`AdamW`] | the same, with decoupled weight decay |
//! | [`RmsProp`] | θ ← θ - lr g / (√v + ε), centered, with momentum |
//! | [`Adagrad`] | θ ← θ - lr g / (√Σg² + ε) |
//! | [`NAdam`], [`RAdam`], [`Adamax`], [`Adadelta`] | variants of Adam |
//! | [`Lbfgs`] | θ ← θ - lr H g, where H is an estimate of the inverse Hessian; it runs the loss itself |
//!
//! A [`LrPlan`] is a plan for the learning rate; [`start`](LrPlan::start) turns it into a [`LrScheduler`], whose `step` follows
//! each step of the optimizer:
//!
//! ```
//! use typegrad::prelude::*;
//! let mut net = Linear::<3, 1>::new(&mut Rng::seed(0));
//! let mut adam = AdamW::new(1e-2);
//! let warm_up = LinearLr::new().start_factor(0.1).total_iters(10);
//! let mut schedule = SequentialLr::new((warm_up, CosineAnnealingLr::new(90)), [10]).start(&mut adam);
//! for _ in 0..100 {
//!     net.zero_grad();
//!     net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().backward();
//!     adam.step(&mut net);
//!     schedule.step(&mut adam);
//! }
//! assert!(adam.lr() < 1e-15);
//! ```

use crate::nn::{LoadError, Module, StateDict};

mod adadelta;
mod adagrad;
mod adam;
mod adam_w;
mod adamax;
mod group;
mod identity;
mod lbfgs;
mod line_search;
mod loss_number;
mod nadam;
mod owner;
mod radam;
mod reader;
mod rms_prop;
mod rule;
mod schedule;
mod sgd;
mod state;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use adamax::Adamax;
pub use group::Group;
pub use lbfgs::Lbfgs;
pub(crate) use loss_number::LossNumber;
pub use nadam::NAdam;
pub use radam::RAdam;
pub use rms_prop::RmsProp;
pub use schedule::{
    AnnealStrategy, ChainedScheduler, ConstantLr, CosineAnnealingLr, CosineAnnealingWarmRestarts,
    ExponentialLr, LambdaLr, LinearLr, LrPlan, LrScheduler, MultiStepLr, OneCycleLr, PlateauMode,
    ReduceLrOnPlateau, Schedulers, SequentialLr, StepLr, ThresholdMode,
};
pub use sgd::Sgd;

/// No optimizer does.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an optimizer has no gradients: they are in the module",
    label = "a method of the module",
    note = "write `net.zero_grad()`, or nothing: `step` clears the gradients that it used"
)]
pub trait HasGradients {}

/// Updates the parameters of a module by their gradients. PyTorch's `torch.optim.Optimizer`.
///
/// A function that trains takes any of them:
///
/// ```
/// use typegrad::prelude::*;
///
/// fn train(net: &mut Linear<3, 1>, optimizer: &mut impl Optimizer) -> f32 {
///     let mut loss = 0.0;
///     for _ in 0..100 {
///         net.zero_grad();
///         loss = net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().backward();
///         optimizer.step(net);
///     }
///     loss
/// }
///
/// let net = Linear::new(&mut Rng::seed(0));
/// assert!(train(&mut net.clone(), &mut Sgd::new(0.1)) < 1e-3);
/// assert!(train(&mut net.clone(), &mut Adam::new(0.1)) < 1e-3);
/// ```
///
/// Implement it with a [`VisitorMut`](crate::nn::VisitorMut), which visits the parameters. Or forward to another one: `step` is generic,
/// so that `Box<dyn Optimizer>` is impossible, and an optimizer that is chosen when the program runs is an enum. It forwards all
/// methods: the defaults lack the momentum and the check of schedules.
///
/// ```
/// use typegrad::nn::{LoadError, Module, StateDict};
/// use typegrad::prelude::*;
///
/// enum AnyOptimizer {
///     Adam(Adam),
///     Sgd(Sgd),
/// }
///
/// macro_rules! forward {
///     ($any:ident.$method:ident($($argument:expr),*)) => {
///         match $any {
///             AnyOptimizer::Adam(optimizer) => optimizer.$method($($argument),*),
///             AnyOptimizer::Sgd(optimizer) => optimizer.$method($($argument),*),
///         }
///     };
/// }
///
/// impl Optimizer for AnyOptimizer {
///     #[track_caller]
///     fn step(&mut self, module: &mut impl Module) {
///         forward!(self.step(module))
///     }
///     fn lr(&self) -> f64 {
///         forward!(self.lr())
///     }
///     fn set_lr(&mut self, lr: f64) {
///         forward!(self.set_lr(lr))
///     }
///     fn optimizer_identity(&self) -> Option<usize> {
///         forward!(self.optimizer_identity())
///     }
///     fn current_momentum(&self) -> Option<f64> {
///         forward!(self.current_momentum())
///     }
///     fn set_momentum(&mut self, momentum: f64) {
///         forward!(self.set_momentum(momentum))
///     }
///     fn state_dict(&self) -> StateDict {
///         forward!(self.state_dict())
///     }
///     fn load_state_dict(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
///         forward!(self.load_state_dict(dict, module))
///     }
/// }
///
/// let mut net = Linear::<3, 1>::new(&mut Rng::seed(0));
/// let sgd = std::env::args().any(|argument| argument == "--sgd");
/// let mut optimizer =
///     if sgd { AnyOptimizer::Sgd(Sgd::new(0.1)) } else { AnyOptimizer::Adam(Adam::new(0.1)) };
/// let mut schedule = OneCycleLr::new(0.1, 10).start(&mut optimizer);
/// net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().backward();
/// optimizer.step(&mut net);
/// schedule.step(&mut optimizer);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimizer",
    label = "not an optimizer, such as `Adam` or `Sgd`"
)]
pub trait Optimizer {
    /// Changes every parameter that has a gradient, and clears the gradients, so that the next step does not need `zero_grad`. The
    /// gradients of several backward passes before a step add up. PyTorch's `step`, and its `zero_grad` of these parameters.
    ///
    /// The optimizers of this crate allocate only their state, at the first step.
    ///
    /// # Panics
    /// If the module has other parameters than that of the first step; if the optimizer keeps moments and two modules are stepped in
    /// turn, at the fourth step (A, B, A, B; until then B may have replaced A, such as a copy from a file); if no parameter has a
    /// gradient (PyTorch does nothing then), or if a [`Group`] changes no parameter.
    // rustc shows the next line where the module is missing.
    #[rustfmt::skip]
    #[track_caller]
    fn step(&mut self, module: &mut impl Module); // `adam.step(&mut net)`; with a `net: &mut Net`, not a `&Net`, `adam.step(net)`

    /// The gradients are those of a module.
    #[rustfmt::skip]
    #[doc(hidden)]
    fn zero_grad(&mut self) where Self: HasGradients {}

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Changes the learning rate, as a [`LrScheduler`] does. The state of the parameters is kept.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[track_caller]
    fn set_lr(&mut self, lr: f64);

    /// Which optimizer this is: a number that its clones share, so that a schedule panics where it steps another one. `None` turns
    /// that check off.
    fn optimizer_identity(&self) -> Option<usize> {
        None
    }

    /// The momentum or its equivalent, such as Adam's β₁; `None` if the optimizer has neither.
    fn current_momentum(&self) -> Option<f64> {
        None
    }

    /// Changes the momentum, as [`OneCycleLr`] does.
    ///
    /// # Panics
    /// If the optimizer has no momentum, or the value is out of its range.
    #[track_caller]
    fn set_momentum(&mut self, momentum: f64) {
        panic!("this optimizer has no momentum, so it cannot be set to {momentum:?}");
    }

    /// The learning rate, the momentum and the state of each parameter, for a file. PyTorch's `state_dict`;
    /// the other options are not saved.
    fn state_dict(&self) -> StateDict;

    /// Restores the state of an optimizer that was saved for a module of this type. PyTorch's
    /// `load_state_dict`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let net = Linear::<3, 1>::new(&mut Rng::seed(0));
    /// let error = Adam::new(0.1).load_state_dict(&Sgd::new(0.2).state_dict(), &net).unwrap_err();
    /// assert!(error.to_string().ends_with("`Sgd.lr` has the state of an optimizer Sgd, this one is Adam"));
    /// ```
    ///
    /// # Errors
    /// If it is that of another kind of optimizer or of other parameters, or has invalid values, such as a negative
    /// learning rate: the error lists everything. The optimizer is unchanged then.
    fn load_state_dict(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError>;
}
