//! RMSprop: v ← α v + (1 - α) g², then θ ← θ - lr g / (√v + ε); centered, with v - ḡ² instead of v.

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::RmsPropStep;
use std::fmt;

/// RMSprop: steps that are divided by the size of the last gradients. PyTorch's `torch.optim.RMSprop`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ:
/// - v ← `alpha` · v + (1 - `alpha`) · g²;
/// - [`centered`](Self::centered): ḡ ← `alpha` · ḡ + (1 - `alpha`) · g, and v - ḡ² replaces v below;
/// - θ ← θ - `lr` · g / (√v + `eps`);
/// - with a momentum b ← `momentum` · b + g / (√v + `eps`), and θ ← θ - `lr` · b.
///
/// Invalid options panic in the method that sets them, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(3.0));
/// let mut rms_prop = RmsProp::new(0.01).alpha(0.75).eps(0.0);
/// (w.track() * 1e6).sum().backward();
/// rms_prop.step(&mut w);
/// // 3.0 - 0.01 * 1e6 / sqrt(0.25 * 1e12)
/// assert!((w.value().as_slice()[0] - 2.98).abs() < 1e-12);
/// ```
#[derive(Clone)]
pub struct RmsProp {
    core: Core<Formula>,
}
optimizer!(RmsProp);

impl RmsProp {
    /// RMSprop with PyTorch's defaults: alpha 0.99, eps 1e-8, no weight decay, no momentum, not centered.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `RmsProp::new(1e-3).momentum(0.9)`; the network: `rms_prop.step(&mut net)`
        RmsProp { core: Core::new(lr, Formula { alpha: 0.99, eps: 1e-8, momentum: 0.0, centered: false }) }
    }

    /// Sets the decay factor of the mean of g².
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.core.set(|rule| rule.alpha = alpha);
        self
    }

    option!(eps);
    option!(momentum);

    /// Divides by the standard deviation of the gradient instead of its root mean square (Graves 2013).
    #[must_use]
    pub fn centered(mut self) -> Self {
        self.core.rule.centered = true;
        self
    }

    option!(weight_decay);
}

#[derive(Clone, Copy)]
struct Formula {
    alpha: f64,
    eps: f64,
    momentum: f64,
    centered: bool,
}

impl Rule for Formula {
    const NAME: &'static str = "RmsProp";
    /// v, b and ḡ: always in this order, so that a state is never that of other options.
    const ROWS: StateRows = StateRows { count: 1..=3, squares: 0..1, product: false };

    fn problem(&self) -> Option<String> {
        let eps = negative("epsilon value", self.eps);
        let momentum = || negative("momentum value", self.momentum);
        eps.or_else(momentum).or_else(|| negative("alpha value", self.alpha))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { alpha, eps, momentum, centered } = self;
        let step = RmsPropStep {
            lr: E::from_f64(rates.lr),
            alpha: E::from_f64(alpha),
            weight: E::from_f64(1.0 - alpha),
            eps: E::from_f64(eps),
            momentum: E::from_f64(momentum),
            followed: rates.followed(),
        };
        let len = value.len();
        let rows = match (centered, momentum > 0.0) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        let (square, rest) = state.numbers(len * rows).split_at_mut(len);
        let (buffer, mean) = rest.split_at_mut(len.min(rest.len()));
        let buffer = if momentum > 0.0 { buffer } else { &mut [] };
        E::rms_prop(value, grad, square, mean, buffer, step);
    }

    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.momentum)
    }
}

impl Default for RmsProp {
    /// PyTorch's default learning rate, 0.01.
    fn default() -> Self {
        RmsProp::new(1e-2)
    }
}

impl fmt::Debug for RmsProp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { alpha, eps, momentum, centered } = rule;
        write!(
            f,
            "RmsProp(lr={lr:?}, alpha={alpha:?}, eps={eps:?}, weight_decay={weight_decay:?}, \
             momentum={momentum:?}, centered={centered:?}, maximize={maximize:?})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_text_shows_the_options() {
        assert_eq!(
            format!("{:?}", RmsProp::default().centered().momentum(0.5)),
            "RmsProp(lr=0.01, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.5, centered=true, \
             maximize=false)"
        );
    }
}
