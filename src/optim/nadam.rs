//! NAdam: Adam with Nesterov's momentum, μₜ = β₁ (1 - 0.96^(t ψ) / 2).

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::NAdamStep;
use std::fmt;

/// NAdam: Adam with Nesterov's momentum (Dozat 2016). PyTorch's `torch.optim.NAdam`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the t-th step of
/// this parameter:
/// - μₜ = β₁ (1 - ½ · 0.96^(t · `momentum_decay`)), and Π μ the product of all so far;
/// - m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², v̂ = v / (1 - β₂ᵗ);
/// - θ ← θ - `lr` · ((1 - μₜ) / (1 - Π μ) · g + μₜ₊₁ / (1 - μₜ₊₁ Π μ) · m) / (√v̂ + `eps`).
///
/// With [`decoupled_weight_decay`](Self::decoupled_weight_decay) θ ← θ (1 - `lr` · `weight_decay`) before, as in AdamW. Invalid options
/// panic where they are set, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut nadam = NAdam::new(0.1);
/// for _ in 0..200 {
///     w.zero_grad();
///     w.track().powi(2).sum().backward();
///     nadam.step(&mut w);
/// }
/// assert!(w.value().as_slice()[0].abs() < 1e-2);
/// ```
#[derive(Clone)]
pub struct NAdam {
    core: Core<Formula>,
}
optimizer!(NAdam);

impl NAdam {
    /// NAdam with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, momentum decay 0.004, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `NAdam::new(1e-3).betas(0.9, 0.99)`; the network: `nadam.step(&mut net)`
        let rule = Formula { betas: (0.9, 0.999), eps: 1e-8, momentum_decay: 4e-3, decoupled: false };
        NAdam { core: Core::new(lr, rule) }
    }

    option!(betas);
    option!(eps);
    option!(weight_decay);

    /// Sets how fast the momentum grows to β₁, 0.004 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn momentum_decay(mut self, momentum_decay: f64) -> Self {
        self.core.set(|rule| rule.momentum_decay = momentum_decay);
        self
    }

    option!(decoupled_weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    betas: (f64, f64),
    eps: f64,
    momentum_decay: f64,
    decoupled: bool,
}

impl Formula {
    fn mu(&self, step: usize) -> f64 {
        // libm, so that the bits are the same on every machine.
        self.betas.0 * (1.0 - 0.5 * libm::pow(0.96, step as f64 * self.momentum_decay))
    }
}

impl Rule for Formula {
    const NAME: &'static str = "NAdam";
    /// m and v.
    const ROWS: StateRows = StateRows { count: 2..=2, squares: 1..2, product: true };

    fn problem(&self) -> Option<String> {
        let eps = negative("epsilon value", self.eps);
        let decay = || negative("momentum_decay value", self.momentum_decay);
        eps.or_else(|| super::adam::beta_problem(self.betas)).or_else(decay)
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { betas, eps, decoupled, .. } = self;
        let lr = rates.lr;
        let (mu, next) = (self.mu(state.steps), self.mu(state.steps + 1));
        state.product *= mu;
        let step = NAdamStep {
            correction2: E::from_f64(1.0 - num_traits::pow(betas.1, state.steps)),
            of_gradient: E::from_f64(lr * (1.0 - mu) / (1.0 - state.product)),
            of_mean: E::from_f64(lr * next / (1.0 - state.product * next)),
            eps: E::from_f64(eps),
            means: rates.means(betas, decoupled),
        };
        E::nadam(value, grad, state.numbers(2 * value.len()), step);
    }

    /// β₁
    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.betas.0)
    }
}

impl Default for NAdam {
    /// PyTorch's default learning rate, 0.002.
    fn default() -> Self {
        NAdam::new(2e-3)
    }
}

impl fmt::Debug for NAdam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { betas, eps, momentum_decay, decoupled } = rule;
        write!(
            f,
            "NAdam(lr={lr:?}, betas={betas:?}, eps={eps:?}, weight_decay={weight_decay:?}, \
             momentum_decay={momentum_decay:?}, decoupled_weight_decay={decoupled:?}, maximize={maximize:?})"
        )
    }
}
