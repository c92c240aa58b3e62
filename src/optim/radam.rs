//! RAdam: Adam whose first steps, while the variance is not known, are those of momentum alone.

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::RAdamStep;
use std::fmt;

/// RAdam: Adam with a rectified variance, which needs no warm-up (Liu et al. 2020). PyTorch's `torch.optim.RAdam`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the t-th step of
/// this parameter:
/// - m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², m̂ = m / (1 - β₁ᵗ);
/// - ρ∞ = 2 / (1 - β₂) - 1, ρ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ);
/// - if ρ > 5, θ ← θ - `lr` · m̂ · r · √(1 - β₂ᵗ) / (√v + `eps`) with r = √((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ));
/// - otherwise θ ← θ - `lr` · m̂.
///
/// With [`decoupled_weight_decay`](Self::decoupled_weight_decay) θ ← θ (1 - `lr` · `weight_decay`) before, as in AdamW. Invalid options
/// panic where they are set, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut radam = RAdam::new(0.1);
/// w.track().powi(2).sum().backward();
/// radam.step(&mut w);
/// assert!((w.value().as_slice()[0] - 2.4).abs() < 1e-12); // 3 - 0.1 * 6: the first step is along the gradient
/// ```
#[derive(Clone)]
pub struct RAdam {
    core: Core<Formula>,
}
optimizer!(RAdam);

impl RAdam {
    /// RAdam with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `RAdam::new(1e-3).betas(0.9, 0.99)`; the network: `radam.step(&mut net)`
        RAdam { core: Core::new(lr, Formula { betas: (0.9, 0.999), eps: 1e-8, decoupled: false }) }
    }

    option!(betas);
    option!(eps);
    option!(weight_decay);
    option!(decoupled_weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    betas: (f64, f64),
    eps: f64,
    decoupled: bool,
}

impl Rule for Formula {
    const NAME: &'static str = "RAdam";
    /// m and v.
    const ROWS: StateRows = StateRows { count: 2..=2, squares: 1..2, product: false };

    fn problem(&self) -> Option<String> {
        negative("epsilon value", self.eps).or_else(|| super::adam::beta_problem(self.betas))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { betas, eps, decoupled } = self;
        let lr = rates.lr;
        let power = num_traits::pow(betas.1, state.steps);
        let correction2 = 1.0 - power;
        let most = 2.0 / (1.0 - betas.1) - 1.0;
        let rho = most - 2.0 * state.steps as f64 * power / correction2;
        let rectified = || ((rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho)).sqrt();
        let step = RAdamStep {
            lr: E::from_f64(lr),
            correction1: E::from_f64(1.0 - num_traits::pow(betas.0, state.steps)),
            adaptive: (rho > 5.0).then(|| (E::from_f64(correction2.sqrt()), E::from_f64(rectified()))),
            eps: E::from_f64(eps),
            means: rates.means(betas, decoupled),
        };
        E::radam(value, grad, state.numbers(2 * value.len()), step);
    }

    /// β₁
    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.betas.0)
    }
}

impl Default for RAdam {
    /// PyTorch's default learning rate, 0.001.
    fn default() -> Self {
        RAdam::new(1e-3)
    }
}

impl fmt::Debug for RAdam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { betas, eps, decoupled } = rule;
        write!(
            f,
            "RAdam(lr={lr:?}, betas={betas:?}, eps={eps:?}, weight_decay={weight_decay:?}, \
             decoupled_weight_decay={decoupled:?}, maximize={maximize:?})"
        )
    }
}
