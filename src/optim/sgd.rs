//! Stochastic gradient descent: v ← μ v + (1 - τ) g, then θ ← θ - lr v; with Nesterov's momentum θ ← θ - lr (g + μ v).
//! g is dL/dθ + λ θ.

use super::group::{Group, Groups, RatesIter};
use super::state::{Rows, State, States};
use crate::element::Float;
use crate::kernel::optim::{self, SgdStep};
use crate::nn::{LoadError, Module, Param, StateDict, VisitorMut};
use crate::shape::Shape;
use std::fmt;

/// Stochastic gradient descent. PyTorch's `torch.optim.SGD`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ:
/// - v ← g the first time, and v ← `momentum` · v + (1 - `dampening`) · g afterwards;
/// - θ ← θ - `lr` · v, and with [`nesterov`](Self::nesterov) θ ← θ - `lr` · (g + `momentum` · v).
///
/// Options that make no sense panic where they are given, in the words of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut sgd = Sgd::new(0.1).momentum(0.9);
/// for _ in 0..2 {
///     w.zero_grad();
///     w.track().powi(2).sum().backward(); // dL/dw = 2 w
///     sgd.step(&mut w);
/// }
/// // 3.0 - 0.1 * 6.0 = 2.4, and 2.4 - 0.1 * (0.9 * 6.0 + 4.8) = 1.38
/// assert!((w.value().as_slice()[0] - 1.38).abs() < 1e-12);
/// ```
#[derive(Clone)]
pub struct Sgd {
    options: Options,
    states: States,
    groups: Groups,
}

/// The momentum.
const ROWS: Rows = Rows { count: 1..=1, squares: 0..0 };

#[derive(Clone, Copy)]
struct Options {
    lr: f64,
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
    nesterov: bool,
    maximize: bool,
}

impl Sgd {
    /// Plain gradient descent: no momentum, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[must_use]
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        let (momentum, dampening, weight_decay) = (0.0, 0.0, 0.0);
        let options = Options { lr, momentum, dampening, weight_decay, nesterov: false, maximize: false };
        Sgd { options, states: States::default(), groups: Groups::default() }.checked()
    }

    /// The share of the last change that is kept, 0 by default.
    ///
    /// # Panics
    /// If it is negative.
    #[must_use]
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.options.momentum = momentum;
        self.checked()
    }

    /// The share of the gradient that is left out of the momentum, 0 by default.
    ///
    /// # Panics
    /// With [`nesterov`](Self::nesterov), if it is not 0.
    #[must_use]
    #[track_caller]
    pub fn dampening(mut self, dampening: f64) -> Self {
        self.options.dampening = dampening;
        self.checked()
    }

    /// The factor of the parameter that is added to its gradient, 0 by default.
    ///
    /// # Panics
    /// If it is negative.
    #[must_use]
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.options.weight_decay = weight_decay;
        self.checked()
    }

    /// Nesterov's momentum: looks ahead by one step. To be said after the momentum:
    /// `Sgd::new(0.1).momentum(0.9).nesterov()`.
    ///
    /// # Panics
    /// If there is no momentum, or a dampening.
    #[must_use]
    #[track_caller]
    pub fn nesterov(mut self) -> Self {
        self.options.nesterov = true;
        self.checked()
    }

    /// Goes uphill: the loss is made as large as possible.
    #[must_use]
    pub fn maximize(mut self) -> Self {
        self.options.maximize = true;
        self
    }

    /// Gives some of the parameters another learning rate or weight decay.
    #[must_use]
    pub fn group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// PyTorch's `ValueError`s.
    #[track_caller]
    fn checked(self) -> Self {
        let Options { lr, momentum, dampening, weight_decay, nesterov, .. } = self.options;
        if lr < 0.0 {
            panic!("Invalid learning rate: {lr:?}");
        }
        if momentum < 0.0 {
            panic!("Invalid momentum value: {momentum:?}");
        }
        if weight_decay < 0.0 {
            panic!("Invalid weight_decay value: {weight_decay:?}");
        }
        if nesterov && (momentum <= 0.0 || dampening != 0.0) {
            panic!("Nesterov momentum requires a momentum and zero dampening");
        }
        self
    }

    /// The learning rate.
    #[must_use]
    pub fn lr(&self) -> f64 {
        self.options.lr
    }

    /// Changes the learning rate, as a schedule does. The momentum is kept.
    ///
    /// # Panics
    /// If `lr` is negative.
    #[track_caller]
    pub fn set_lr(&mut self, lr: f64) {
        assert!(lr >= 0.0 || lr.is_nan(), "Invalid learning rate: {lr:?}");
        self.options.lr = lr;
    }

    /// Changes every parameter that has a gradient. PyTorch's `step`.
    ///
    /// It allocates nothing but the momentum, at the first step.
    ///
    /// # Panics
    /// If the module has other parameters than that of the first step, or a [`Group`] has no parameter.
    #[track_caller]
    pub fn step(&mut self, module: &mut impl Module) {
        let states = self.states.check(module);
        let rates = self.groups.rates(module);
        module.visit_mut(&mut Step { options: self.options, states, rates });
    }

    /// The learning rate, the step counts and momenta, for a file. PyTorch's `state_dict`; the other options are those of the
    /// program.
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        self.states.state_dict(self.options.lr)
    }

    /// Goes on where the optimizer was that gave this state dict for a module like this one. PyTorch's
    /// `load_state_dict`.
    ///
    /// # Errors
    /// If it is that of other parameters, or has what cannot be, such as a negative learning rate: the error lists
    /// everything. The optimizer is unchanged then.
    pub fn load_state_dict(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
        (self.states, self.options.lr) = States::load(dict, module, &ROWS)?;
        Ok(())
    }
}

struct Step<'s> {
    options: Options,
    states: std::slice::IterMut<'s, State>,
    rates: RatesIter<'s>,
}

impl<'a> VisitorMut<'a> for Step<'_> {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        let state = self.states.next().expect("`check` counted the parameters");
        let rates = self.rates.next();
        let Some((value, grad)) = param.value_and_gradient() else { return };
        let options = self.options;
        let weight_decay = rates.weight_decay(options.weight_decay);
        let step = SgdStep {
            lr: E::from_f64(rates.lr(options.lr)),
            momentum: E::from_f64(options.momentum),
            fresh: E::from_f64(1.0 - options.dampening),
            weight_decay: (weight_decay != 0.0).then(|| E::from_f64(weight_decay)),
            nesterov: options.nesterov,
            sign: E::from_f64(if options.maximize { -1.0 } else { 1.0 }),
        };
        if options.momentum == 0.0 {
            optim::sgd(value, grad, step);
        } else {
            let first = state.is_new();
            optim::sgd_with_momentum(value, grad, state.numbers(S::NUMEL), first, step);
        }
        state.steps += 1;
    }
}

impl Default for Sgd {
    /// PyTorch's default learning rate, 0.001.
    fn default() -> Self {
        Sgd::new(1e-3)
    }
}

impl fmt::Debug for Sgd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { lr, momentum, dampening, weight_decay, nesterov, maximize } = self.options;
        write!(
            f,
            "Sgd(lr={lr:?}, momentum={momentum:?}, dampening={dampening:?}, weight_decay={weight_decay:?}, \
             nesterov={nesterov:?}, maximize={maximize:?})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Tensor;

    #[test]
    fn the_debug_text_shows_the_options() {
        assert_eq!(
            format!("{:?}", Sgd::new(0.1).momentum(0.9).nesterov()),
            "Sgd(lr=0.1, momentum=0.9, dampening=0.0, weight_decay=0.0, nesterov=true, maximize=false)"
        );
    }

    #[test]
    fn a_parameter_without_a_gradient_keeps_its_value_and_its_memory() {
        let mut pair = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([1.0_f32])));
        let mut sgd = Sgd::new(0.5).weight_decay(0.1).momentum(0.9);
        pair.1.track().sum().backward();
        let held = pair.0.value().clone();
        sgd.step(&mut pair);
        assert_eq!(pair.0.value().as_slice().as_ptr(), held.as_slice().as_ptr());
        assert_eq!(pair.1.value().as_slice(), [1.0 - 0.5 * 1.1]);
    }

    /// A value that something else holds is copied before it is changed.
    #[test]
    fn a_snapshot_of_a_parameter_stays_what_it_was() {
        let mut w = Param::new(Tensor::from([1.0]));
        let snapshot = w.value().clone();
        w.track().sum().backward();
        let gradient = w.grad().unwrap();
        Sgd::new(0.5).step(&mut w);
        assert_eq!(
            (w.value().to_vec(), snapshot.to_vec(), gradient.to_vec()),
            (vec![0.5], vec![1.0], vec![1.0])
        );
    }

    #[test]
    fn an_infinite_parameter_is_not_turned_into_nan_by_a_decay_of_zero() {
        let mut w = Param::new(Tensor::from([f64::INFINITY]));
        w.track().sum().backward();
        Sgd::new(0.5).step(&mut w);
        assert_eq!(w.value().as_slice(), [f64::INFINITY]);
    }
}
