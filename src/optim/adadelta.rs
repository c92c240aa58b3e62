//! Adadelta: v ← ρ v + (1 - ρ) g², Δ = √(u + ε) / √(v + ε) · g, u ← ρ u + (1 - ρ) Δ², then θ ← θ - lr Δ.

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::AdadeltaStep;
use std::fmt;

/// Adadelta: steps in the unit of the parameter, without a rate to choose (Zeiler 2012). PyTorch's `torch.optim.Adadelta`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ:
/// - v ← `rho` v + (1 - `rho`) g²;
/// - Δ = √(u + `eps`) / √(v + `eps`) · g, u ← `rho` u + (1 - `rho`) Δ²;
/// - θ ← θ - `lr` Δ.
///
/// Invalid options panic where they are set, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut adadelta = Adadelta::default().rho(0.0).eps(0.25);
/// (w.track() * 0.0).sum().backward();
/// adadelta.step(&mut w);
/// assert_eq!(w.value().as_slice(), [3.0]);
/// ```
#[derive(Clone)]
pub struct Adadelta {
    core: Core<Formula>,
}
optimizer!(Adadelta);

impl Adadelta {
    /// Adadelta with PyTorch's defaults: rho 0.9, eps 1e-6, no weight decay. Its default `lr` is 1.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `Adadelta::new(1.0).rho(0.95)`; the network: `adadelta.step(&mut net)`
        Adadelta { core: Core::new(lr, Formula { rho: 0.9, eps: 1e-6 }) }
    }

    /// Sets how much of the means of g² and of Δ² is kept from step to step.
    ///
    /// # Panics
    /// If it is not in 0 ≤ ρ ≤ 1.
    #[must_use]
    #[track_caller]
    pub fn rho(mut self, rho: f64) -> Self {
        self.core.set(|rule| rule.rho = rho);
        self
    }

    option!(eps);
    option!(weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    rho: f64,
    eps: f64,
}

impl Rule for Formula {
    const NAME: &'static str = "Adadelta";
    /// v and u.
    const ROWS: StateRows = StateRows { count: 2..=2, squares: 0..2, product: false };

    fn problem(&self) -> Option<String> {
        let rho = (!(0.0..=1.0).contains(&self.rho)).then(|| format!("Invalid rho value: {:?}", self.rho));
        rho.or_else(|| negative("epsilon value", self.eps))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { rho, eps } = self;
        let step = AdadeltaStep {
            lr: E::from_f64(rates.lr),
            rho: E::from_f64(rho),
            weight: E::from_f64(1.0 - rho),
            eps: E::from_f64(eps),
            followed: rates.followed(),
        };
        E::adadelta(value, grad, state.numbers(2 * value.len()), step);
    }
}

impl Default for Adadelta {
    /// PyTorch's default learning rate, 1.
    fn default() -> Self {
        Adadelta::new(1.0)
    }
}

impl fmt::Debug for Adadelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { rho, eps } = rule;
        write!(
            f,
            "Adadelta(lr={lr:?}, rho={rho:?}, eps={eps:?}, weight_decay={weight_decay:?}, maximize={maximize:?})"
        )
    }
}
