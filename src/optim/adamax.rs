//! Adamax: m ← β₁ m + (1 - β₁) g and u ← max(β₂ u, |g| + ε), then θ ← θ - lr m̂ / u, where m̂ = m / (1 - β₁ᵗ).

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::AdamaxStep;
use std::fmt;

/// Adamax: Adam with the largest of the last gradients in place of their mean square. PyTorch's `torch.optim.Adamax`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the t-th step of
/// this parameter:
/// - m ← β₁ m + (1 - β₁) g, u ← max(β₂ u, |g| + `eps`);
/// - θ ← θ - `lr` / (1 - β₁ᵗ) · m / u.
///
/// Invalid options panic where they are set, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut adamax = Adamax::new(0.25);
/// (w.track() * 1e6).sum().backward();
/// adamax.step(&mut w);
/// assert!((w.value().as_slice()[0] - 2.75).abs() < 1e-12); // the first step is of size lr
/// ```
#[derive(Clone)]
pub struct Adamax {
    core: Core<Formula>,
}
optimizer!(Adamax);

impl Adamax {
    /// Adamax with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `Adamax::new(1e-3).betas(0.9, 0.99)`; the network: `adamax.step(&mut net)`
        Adamax { core: Core::new(lr, Formula { betas: (0.9, 0.999), eps: 1e-8 }) }
    }

    option!(betas);
    option!(eps);
    option!(weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    betas: (f64, f64),
    eps: f64,
}

impl Rule for Formula {
    const NAME: &'static str = "Adamax";
    /// m and u.
    const ROWS: StateRows = StateRows { count: 2..=2, squares: 1..2, product: false };

    fn problem(&self) -> Option<String> {
        negative("epsilon value", self.eps).or_else(|| super::adam::beta_problem(self.betas))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { betas, eps } = self;
        let step = AdamaxStep {
            size: E::from_f64(rates.lr / (1.0 - num_traits::pow(betas.0, state.steps))),
            weight1: E::from_f64(1.0 - betas.0),
            beta2: E::from_f64(betas.1),
            eps: E::from_f64(eps),
            followed: rates.followed(),
        };
        E::adamax(value, grad, state.numbers(2 * value.len()), step);
    }

    /// β₁
    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.betas.0)
    }
}

impl Default for Adamax {
    /// PyTorch's default learning rate, 0.002.
    fn default() -> Self {
        Adamax::new(2e-3)
    }
}

impl fmt::Debug for Adamax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { betas, eps } = rule;
        write!(
            f,
            "Adamax(lr={lr:?}, betas={betas:?}, eps={eps:?}, weight_decay={weight_decay:?}, maximize={maximize:?})"
        )
    }
}
