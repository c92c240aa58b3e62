//! The core shared by all optimizers: visits the parameters, each with its rates and its state.

use super::group::{self, ParamGroups, RatesIter};
use super::identity::Identity;
use super::state::{Header, State, StateRows, States};
use crate::element::Float;
use crate::kernel::optim::{Followed, Means};
use crate::nn::{LoadError, Module, Param, StateDict, VisitorMut};
use crate::shape::Shape;
use crate::storage::Storage;

/// The formula of an optimizer, with the options that only it has.
pub(super) trait Rule: Copy {
    /// The name of the optimizer.
    const NAME: &'static str;
    /// The rows of numbers that it keeps of each parameter.
    const ROWS: StateRows;

    /// The text of PyTorch's `ValueError` for invalid options; NaN is invalid, too.
    fn problem(&self) -> Option<String>;

    /// Changes a parameter by its gradient. This is number `state.steps` of its steps.
    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State);

    /// The momentum or its equivalent.
    fn momentum(&mut self) -> Option<&mut f64> {
        None
    }
}

/// The problem of an option that must not be negative, in PyTorch's words.
pub(super) fn negative(what: &str, value: f64) -> Option<String> {
    if 0.0 <= value { None } else { Some(format!("Invalid {what}: {value:?}")) }
}

/// The options of a step of one parameter, those of its group included.
#[derive(Clone, Copy)]
pub(super) struct Rates {
    pub(super) lr: f64,
    pub(super) weight_decay: f64,
    maximize: bool,
}

impl Rates {
    /// The gradient that is followed. The weight decay is part of it.
    pub(super) fn followed<E: Float>(&self) -> Followed<E> {
        Followed::new(self.maximize, self.weight_decay)
    }

    /// The means of Adam and its variants. A decoupled weight decay shrinks the value instead of entering the gradient.
    pub(super) fn means<E: Float>(&self, betas: (f64, f64), decoupled: bool) -> Means<E> {
        let decays = decoupled && self.weight_decay != 0.0;
        Means {
            weight1: E::from_f64(1.0 - betas.0),
            beta2: E::from_f64(betas.1),
            weight2: E::from_f64(1.0 - betas.1),
            kept: decays.then(|| E::from_f64(1.0 - self.lr * self.weight_decay)),
            followed: if decoupled { Followed::new(self.maximize, 0.0) } else { self.followed() },
        }
    }
}

/// An optimizer of this rule: the common options, and the state.
#[derive(Clone)]
pub(super) struct Core<R> {
    pub(super) rule: R,
    pub(super) lr: f64,
    pub(super) weight_decay: f64,
    pub(super) maximize: bool,
    pub(super) groups: ParamGroups,
    pub(super) identity: Identity,
    states: States,
}

impl<R: Rule> Core<R> {
    #[track_caller]
    pub(super) fn new(lr: f64, rule: R) -> Self {
        let (groups, states) = (ParamGroups::default(), States::default());
        let identity = Identity::new();
        let mut core = Core { rule, lr, weight_decay: 0.0, maximize: false, groups, identity, states };
        core.set_lr(lr);
        core
    }

    /// Changes the options of the rule.
    #[track_caller]
    pub(super) fn set(&mut self, change: impl FnOnce(&mut R)) {
        let mut rule = self.rule;
        change(&mut rule);
        refuse(rule.problem());
        self.rule = rule;
    }

    #[track_caller]
    pub(super) fn set_lr(&mut self, lr: f64) {
        refuse(negative("learning rate", lr));
        self.lr = lr;
    }

    #[track_caller]
    pub(super) fn set_weight_decay(&mut self, weight_decay: f64) {
        refuse(negative("weight_decay value", weight_decay));
        self.weight_decay = weight_decay;
    }

    pub(super) fn momentum(&self) -> Option<f64> {
        { self.rule }.momentum().copied()
    }

    #[track_caller]
    pub(super) fn set_momentum(&mut self, momentum: f64) {
        assert!(self.momentum().is_some(), "{} has no momentum", R::NAME);
        self.set(|rule| rule.momentum().into_iter().for_each(|place| *place = momentum));
    }

    #[track_caller]
    pub(super) fn step<M: Module>(&mut self, module: &mut M) {
        let Core { rule, lr, weight_decay, maximize, .. } = *self;
        let rates = Rates { lr, weight_decay, maximize };
        let states = self.states.check(module);
        let groups = self.groups.rates(module);
        let mut step = Step { rule, rates, states, groups, parameters: 0, gradients: 0 };
        module.visit_mut(&mut step);
        assert!(
            step.gradients > 0 || step.parameters == 0,
            "no parameter of {} has a gradient, so this step changes nothing; call `backward` on a loss of this \
             module before each `step`, which clears the gradients, and after `zero_grad`",
            plain_name::<M>()
        );
    }

    fn header(&self) -> Header {
        Header { kind: R::NAME, lr: self.lr, momentum: self.momentum() }
    }

    pub(super) fn state_dict(&self) -> StateDict {
        self.states.state_dict(self.header())
    }

    pub(super) fn load_state_dict(
        &mut self,
        dict: &StateDict,
        module: &impl Module,
    ) -> Result<(), LoadError> {
        let with = |momentum| {
            let mut rule = self.rule;
            rule.momentum().into_iter().for_each(|place| *place = momentum);
            rule
        };
        let is_momentum = |momentum| with(momentum).problem().is_none();
        let (states, header) = States::load(dict, module, self.header(), &R::ROWS, is_momentum)?;
        self.rule = header.momentum.map_or(self.rule, with);
        (self.states, self.lr) = (states, header.lr);
        Ok(())
    }
}

/// The name of a type without paths and parameters, in a message.
fn plain_name<M>() -> String {
    let name = std::any::type_name::<M>();
    let path = name.split('<').next().unwrap_or(name);
    let plain = path.rsplit("::").next().unwrap_or(path);
    if name.starts_with(['(', '[']) { "these layers".to_owned() } else { format!("`{plain}`") }
}

#[track_caller]
fn refuse(problem: Option<String>) {
    if let Some(problem) = problem {
        panic!("{problem}");
    }
}

struct Step<'s, R> {
    rule: R,
    rates: Rates,
    states: std::slice::IterMut<'s, State>,
    groups: RatesIter<'s>,
    parameters: usize,
    gradients: usize,
}

impl<'a, R: Rule> VisitorMut<'a> for Step<'_, R> {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        let state = self.states.next().expect("`check` counted the parameters");
        let group = self.groups.next();
        self.parameters += 1;
        if let Some((value, grad)) = param.value_and_gradient() {
            self.update(value, grad, state, group);
        }
    }
}

impl<R: Rule> Step<'_, R> {
    /// Changes one parameter. Not inlined, so that it is compiled once and not for each shape.
    #[inline(never)]
    fn update<E: Float>(
        &mut self,
        value: &mut [E],
        grad: Storage<E>,
        state: &mut State,
        group: group::Rates,
    ) {
        self.gradients += 1;
        state.steps += 1;
        let lr = group.lr(self.rates.lr);
        let weight_decay = group.weight_decay(self.rates.weight_decay);
        self.rule.update(Rates { lr, weight_decay, ..self.rates }, value, grad.as_slice(), state);
    }
}

/// Makes an optimizer of a struct whose field `core` is a [`Core`]: the trait, and the options that all have.
macro_rules! optimizer {
    ($name:ident) => {
        impl $name {
            /// Maximizes the loss instead of minimizing it.
            #[must_use]
            pub fn maximize(mut self) -> Self {
                self.core.maximize = true;
                self
            }

            /// Gives some of the parameters another learning rate or weight decay.
            #[must_use]
            pub fn group(mut self, group: $crate::optim::Group) -> Self {
                self.core.groups.push(group);
                self
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::optim::Optimizer for $name {
            #[track_caller]
            fn step(&mut self, module: &mut impl $crate::nn::Module) {
                self.core.step(module);
            }
            fn lr(&self) -> f64 {
                self.core.lr
            }
            #[track_caller]
            fn set_lr(&mut self, lr: f64) {
                self.core.set_lr(lr);
            }
            fn optimizer_identity(&self) -> Option<usize> {
                Some(self.core.identity.number())
            }
            fn current_momentum(&self) -> Option<f64> {
                self.core.momentum()
            }
            #[track_caller]
            fn set_momentum(&mut self, momentum: f64) {
                self.core.set_momentum(momentum);
            }
            fn state_dict(&self) -> $crate::nn::StateDict {
                self.core.state_dict()
            }
            fn load_state_dict(
                &mut self,
                dict: &$crate::nn::StateDict,
                module: &impl $crate::nn::Module,
            ) -> Result<(), $crate::nn::LoadError> {
                self.core.load_state_dict(dict, module)
            }
        }
    };
}
pub(super) use optimizer;

/// An option that several optimizers have, as a method of one.
macro_rules! option {
    (betas) => {
        /// Sets the decay factors of the means of g and of g².
        ///
        /// # Panics
        /// If one is not in 0 ≤ β < 1.
        #[must_use]
        #[track_caller]
        pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
            self.core.set(|rule| rule.betas = (beta1, beta2));
            self
        }
    };
    (eps) => {
        /// Sets the number added to the denominator, so that it is not 0.
        ///
        /// # Panics
        /// If it is negative or NaN.
        #[must_use]
        #[track_caller]
        pub fn eps(mut self, eps: f64) -> Self {
            self.core.set(|rule| rule.eps = eps);
            self
        }
    };
    (momentum) => {
        /// Sets the share of the last update that is kept, 0 by default.
        ///
        /// # Panics
        /// If it is negative or NaN.
        #[must_use]
        #[track_caller]
        pub fn momentum(mut self, momentum: f64) -> Self {
            self.core.set(|rule| rule.momentum = momentum);
            self
        }
    };
    (weight_decay) => {
        /// Sets the factor of the parameter that is added to its gradient, 0 by default.
        ///
        /// # Panics
        /// If it is negative or NaN.
        #[must_use]
        #[track_caller]
        pub fn weight_decay(mut self, weight_decay: f64) -> Self {
            self.core.set_weight_decay(weight_decay);
            self
        }
    };
    (amsgrad) => {
        /// Divides by the largest mean of g² so far (Reddi, Kale, Kumar 2018).
        #[must_use]
        pub fn amsgrad(mut self) -> Self {
            self.core.rule.amsgrad = true;
            self
        }
    };
    (decoupled_weight_decay) => {
        /// Decays the weights directly, not through the gradient, as in AdamW.
        #[must_use]
        pub fn decoupled_weight_decay(mut self) -> Self {
            self.core.rule.decoupled = true;
            self
        }
    };
}
pub(super) use option;

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    /// As with `zero_grad` before each backward pass in PyTorch; passes between two steps add up.
    #[test]
    fn a_step_clears_the_gradients() {
        let mut w = Param::new(Tensor::from([3.0_f64]));
        let mut sgd = Sgd::new(0.25);
        for want in [1.5, 0.75] {
            w.track().powi(2).sum().backward();
            sgd.step(&mut w);
            assert!(w.grad().is_none());
            assert_eq!(w.value().to_vec(), [want]);
        }
        w.track().sum().backward();
        (w.track() * 2.0).sum().backward();
        assert_eq!(w.grad().unwrap().to_vec(), [3.0]);
        sgd.step(&mut w);
        assert_eq!(w.value().to_vec(), [0.0]);
    }
}
