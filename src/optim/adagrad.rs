//! Adagrad: s ← s + g², then θ ← θ - lr / (1 + (t - 1) η) · g / (√s + ε).

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::AdagradStep;
use std::fmt;

/// Adagrad: steps that become smaller where the gradients were large. PyTorch's `torch.optim.Adagrad`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the
/// t-th step of this parameter:
/// - s ← s + g², where s is initialized to `initial_accumulator_value`;
/// - θ ← θ - `lr` / (1 + (t - 1) · `lr_decay`) · g / (√s + `eps`).
///
/// Invalid options panic in the method that sets them, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut adagrad = Adagrad::new(0.5).initial_accumulator_value(9.0);
/// (w.track() * 4.0).sum().backward();
/// adagrad.step(&mut w);
/// assert!((w.value().as_slice()[0] - 2.6).abs() < 1e-9); // 3.0 - 0.5 * 4.0 / sqrt(9.0 + 4.0 * 4.0)
/// ```
#[derive(Clone)]
pub struct Adagrad {
    core: Core<Formula>,
}
optimizer!(Adagrad);

impl Adagrad {
    /// Adagrad with PyTorch's defaults: eps 1e-10, no decay of any kind, sums initialized to 0.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `Adagrad::new(1e-2).lr_decay(1e-3)`; the network: `adagrad.step(&mut net)`
        Adagrad { core: Core::new(lr, Formula { lr_decay: 0.0, initial_accumulator_value: 0.0, eps: 1e-10 }) }
    }

    /// Sets the decay of the learning rate, 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn lr_decay(mut self, lr_decay: f64) -> Self {
        self.core.set(|rule| rule.lr_decay = lr_decay);
        self
    }

    /// Sets the initial value of the sums of g², 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn initial_accumulator_value(mut self, initial_accumulator_value: f64) -> Self {
        self.core.set(|rule| rule.initial_accumulator_value = initial_accumulator_value);
        self
    }

    option!(eps);
    option!(weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    lr_decay: f64,
    initial_accumulator_value: f64,
    eps: f64,
}

impl Rule for Formula {
    const NAME: &'static str = "Adagrad";
    /// s
    const ROWS: StateRows = StateRows { count: 1..=1, squares: 0..1, product: false };

    fn problem(&self) -> Option<String> {
        let lr_decay = negative("lr_decay value", self.lr_decay);
        let initial = || negative("initial_accumulator_value value", self.initial_accumulator_value);
        lr_decay.or_else(initial).or_else(|| negative("epsilon value", self.eps))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { lr_decay, initial_accumulator_value, eps } = self;
        let step = AdagradStep {
            lr: E::from_f64(rates.lr / (1.0 + (state.steps - 1) as f64 * lr_decay)),
            eps: E::from_f64(eps),
            followed: rates.followed(),
        };
        let first = state.is_new();
        let sum = state.numbers(value.len());
        if first {
            sum.fill(E::from_f64(initial_accumulator_value));
        }
        E::adagrad(value, grad, sum, step);
    }
}

impl Default for Adagrad {
    /// PyTorch's default learning rate, 0.01.
    fn default() -> Self {
        Adagrad::new(1e-2)
    }
}

impl fmt::Debug for Adagrad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { lr_decay, initial_accumulator_value, eps } = rule;
        write!(
            f,
            "Adagrad(lr={lr:?}, lr_decay={lr_decay:?}, weight_decay={weight_decay:?}, \
             initial_accumulator_value={initial_accumulator_value:?}, eps={eps:?}, maximize={maximize:?})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_text_shows_the_options() {
        assert_eq!(
            format!("{:?}", Adagrad::default().lr_decay(0.5)),
            "Adagrad(lr=0.01, lr_decay=0.5, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10, \
             maximize=false)"
        );
    }
}
