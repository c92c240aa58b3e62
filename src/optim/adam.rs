//! Adam: m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g², then θ ← θ - lr m̂ / (√v̂ + ε), where m̂ = m / (1 - β₁ᵗ)
//! and v̂ = v / (1 - β₂ᵗ).

use super::rule::{Core, Rates, Rule, negative, optimizer, option};
use super::state::{State, StateRows};
use crate::element::Float;
use crate::kernel::optim::AdamStep;
use std::fmt;

/// Adam: steps of a size that does not depend on the scale of the gradient. PyTorch's `torch.optim.Adam`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the
/// t-th step of this parameter:
/// - m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²;
/// - θ ← θ - `lr` / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + `eps`);
/// - with [`amsgrad`](Self::amsgrad) the largest v so far replaces v in the last line.
///
/// Invalid options panic in the method that sets them, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
///
/// struct Trainer {
///     net: Linear<3, 1>,
///     adam: Adam,
/// }
///
/// let mut trainer = Trainer { net: Linear::new(&mut Rng::seed(0)), adam: Adam::new(1e-2) };
/// let mut losses = vec![];
/// for _ in 0..100 {
///     trainer.net.zero_grad();
///     let y = trainer.net.train(Tensor::<Rank2<4, 3>>::ones()) + 1.0;
///     losses.push(y.powi(2).sum().backward());
///     trainer.adam.step(&mut trainer.net);
/// }
/// assert!(losses[99] < losses[0] / 100.0);
/// ```
#[derive(Clone)]
pub struct Adam {
    core: Core<Formula<false>>,
}
optimizer!(Adam);

impl Adam {
    /// Adam with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    // rustc shows the next line where the parameters are an argument.
    #[rustfmt::skip]
    #[must_use]
    #[track_caller]
    pub fn new(lr: f64) -> Self { // options: `Adam::new(1e-3).betas(0.9, 0.99)`; the network: `adam.step(&mut net)`
        Adam { core: Core::new(lr, Formula::DEFAULT) }
    }

    option!(betas);
    option!(eps);
    option!(weight_decay);
    option!(amsgrad);
}

/// The formula of [`Adam`], and of [`AdamW`](super::AdamW), whose weight decay is decoupled from the gradient.
#[derive(Clone, Copy)]
pub(super) struct Formula<const DECOUPLED: bool> {
    pub(super) betas: (f64, f64),
    pub(super) eps: f64,
    pub(super) amsgrad: bool,
}

/// The problem of two betas that are not both in 0 ≤ β < 1, in PyTorch's words.
pub(super) fn beta_problem((beta1, beta2): (f64, f64)) -> Option<String> {
    let beta = |index, beta: f64| {
        let valid = (0.0..1.0).contains(&beta);
        (!valid).then(|| format!("Invalid beta parameter at index {index}: {beta:?}"))
    };
    beta(0, beta1).or_else(|| beta(1, beta2))
}

impl<const DECOUPLED: bool> Formula<DECOUPLED> {
    pub(super) const DEFAULT: Self = Formula { betas: (0.9, 0.999), eps: 1e-8, amsgrad: false };
}

impl<const DECOUPLED: bool> Rule for Formula<DECOUPLED> {
    const NAME: &'static str = if DECOUPLED { "AdamW" } else { "Adam" };
    /// m and v, and for AMSGrad the largest v.
    const ROWS: StateRows = StateRows { count: 2..=3, squares: 1..3, product: false };

    fn problem(&self) -> Option<String> {
        let eps = negative("epsilon value", self.eps);
        eps.or_else(|| beta_problem(self.betas))
    }

    fn update<E: Float>(self, rates: Rates, value: &mut [E], grad: &[E], state: &mut State) {
        let Formula { betas, eps, amsgrad } = self;
        let lr = rates.lr;
        // The corrections are computed in f64 whatever the parameter is, as PyTorch does; by squaring, so that they
        // are the same on every machine.
        let (correction1, correction2) =
            (1.0 - num_traits::pow(betas.0, state.steps), 1.0 - num_traits::pow(betas.1, state.steps));
        let step = AdamStep {
            size: E::from_f64(lr / correction1),
            root: E::from_f64(correction2.sqrt()),
            eps: E::from_f64(eps),
            means: rates.means(betas, DECOUPLED),
        };
        let moments = state.numbers(value.len() * if amsgrad { 3 } else { 2 });
        E::adam(value, grad, moments, step);
    }

    /// β₁
    fn momentum(&mut self) -> Option<&mut f64> {
        Some(&mut self.betas.0)
    }
}

impl<const DECOUPLED: bool> Core<Formula<DECOUPLED>> {
    pub(super) fn fmt_adam(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { lr, weight_decay, maximize, rule, .. } = self;
        let Formula { betas, eps, amsgrad } = rule;
        write!(
            f,
            "{}(lr={lr:?}, betas={betas:?}, eps={eps:?}, weight_decay={weight_decay:?}, amsgrad={amsgrad:?}, \
             maximize={maximize:?})",
            Formula::<DECOUPLED>::NAME,
        )
    }
}

impl Default for Adam {
    /// PyTorch's default learning rate, 0.001.
    fn default() -> Self {
        Adam::new(1e-3)
    }
}

impl fmt::Debug for Adam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt_adam(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Param;
    use crate::optim::Optimizer;
    use crate::shape::Rank1;
    use crate::tensor::Tensor;

    #[test]
    fn the_debug_text_shows_the_options() {
        assert_eq!(
            format!("{:?}", Adam::default().amsgrad()),
            "Adam(lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=true, maximize=false)"
        );
    }

    /// m̂ / √v̂ is the sign of the gradient at the first step.
    #[test]
    fn the_first_step_is_of_size_lr() {
        let mut w = Param::new(Tensor::from([1.0, 1.0, 1.0]));
        (w.track() * Tensor::from([1e-3, -1e3, 0.0])).sum().backward();
        let mut adam = Adam::new(0.25);
        adam.step(&mut w);
        let close = |(a, b): (&f64, f64)| (a - b).abs() < 1e-5;
        assert!(w.value().as_slice().iter().zip([0.75, 1.25, 1.0]).all(close), "{w:?}");
    }

    /// `torch.maximum` keeps NaN, so that a gradient of NaN is not forgotten.
    #[test]
    fn amsgrad_keeps_nan() {
        let mut w = Param::new(Tensor::<Rank1<1>, f64>::ones());
        let mut adam = Adam::new(0.25).amsgrad();
        (w.track() * f64::NAN).sum().backward();
        adam.step(&mut w);
        assert!(w.value().as_slice()[0].is_nan());
        w.set(Tensor::ones());
        w.zero_grad();
        w.track().sum().backward();
        adam.step(&mut w);
        assert!(w.value().as_slice()[0].is_nan());
    }
}
