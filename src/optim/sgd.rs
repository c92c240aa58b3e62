//! Stochastic gradient descent: v ← μ v + (1 - τ) g, then θ ← θ - lr v; with Nesterov's momentum θ ← θ - lr (g + μ v).
//! g is dL/dθ + λ θ.

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::SgdStep;
use crate::options;
use std::fmt;

/// Stochastic gradient descent. PyTorch's `torch.optim.SGD`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ:
/// - v ← g the first time, and v ← `momentum` · v + (1 - `dampening`) · g afterwards;
/// - θ ← θ - `lr` · v, and with [`nesterov`](Self::nesterov) θ ← θ - `lr` · (g + `momentum` · v).
///
/// Invalid options panic in the method that sets them, with the text of PyTorch's `ValueError`.
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
    core: Core<Formula>,
}
optimizer!(Sgd);

impl Sgd {
    /// Plain gradient descent: no momentum, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    // rustc shows the next line where the parameters are an argument.
    #[rustfmt::skip]
    #[must_use]
    #[track_caller]
    pub fn new(lr: f64) -> Self { // options: `Sgd::new(0.1).momentum(0.9)`; the network: `sgd.step(&mut net)`
        Sgd { core: Core::new(lr, Formula { momentum: 0.0, dampening: 0.0, nesterov: false }) }
    }

    option!(momentum);

    /// Sets the share of the gradient that is not added to the momentum, 0 by default.
    ///
    /// # Panics
    /// If it is NaN; with [`nesterov`](Self::nesterov), if it is not 0.
    #[must_use]
    #[track_caller]
    pub fn dampening(mut self, dampening: f64) -> Self {
        let dampening = options::not_nan("dampening", dampening);
        self.core.set(|rule| rule.dampening = dampening);
        self
    }

    option!(weight_decay);

    /// Nesterov's momentum: looks ahead by one step. Call it after `momentum`:
    /// `Sgd::new(0.1).momentum(0.9).nesterov()`.
    ///
    /// # Panics
    /// If the momentum is 0, or the dampening is not.
    #[must_use]
    #[track_caller]
    pub fn nesterov(mut self) -> Self {
        self.core.set(|rule| rule.nesterov = true);
        self
    }
}

#[derive(Clone, Copy)]
struct Formula {
    momentum: f64,
    dampening: f64,
    nesterov: bool,
}

impl Rule for Formula {
    const NAME: &'static str = "Sgd";
    /// The momentum, if there is one.
    const ROWS: StateRows = StateRows { count: 0..=1, squares: 0..0, product: false };

    fn problem(&self) -> Option<String> {
        let Formula { momentum, dampening, nesterov } = *self;
        let contradiction = nesterov && (momentum <= 0.0 || dampening != 0.0);
        negative("momentum value", momentum).or_else(|| {
            contradiction.then(|| "Nesterov momentum requires a momentum and zero dampening".into())
        })
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let step = SgdStep {
            lr: E::from_f64(rates.lr),
            momentum: E::from_f64(self.momentum),
            fresh: E::from_f64(1.0 - self.dampening),
            nesterov: self.nesterov,
            followed: rates.followed(),
        };
        if self.momentum == 0.0 {
            E::sgd(value, grad, step);
        } else {
            let first = state.is_new();
            E::sgd_with_momentum(value, grad, state.numbers(value.len()), first, step);
        }
    }

    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.momentum)
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
        let Core { lr, weight_decay, maximize, rule, .. } = &self.core;
        let Formula { momentum, dampening, nesterov } = rule;
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
    use crate::nn::Param;
    use crate::optim::Optimizer;
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
    fn a_step_does_not_change_a_clone_of_the_value() {
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
