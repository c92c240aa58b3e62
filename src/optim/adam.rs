//! Adam: m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g², then θ ← θ - lr m̂ / (√v̂ + ε), where m̂ = m / (1 - β₁ᵗ)
//! and v̂ = v / (1 - β₂ᵗ).

use super::group::{Group, Groups, RatesIter};
use super::state::{Rows, State, States};
use crate::element::Float;
use crate::kernel::optim::{self, AdamStep};
use crate::nn::{LoadError, Module, Param, StateDict, VisitorMut};
use crate::shape::Shape;
use std::fmt;

/// Adam: steps of a size that does not depend on the scale of the gradient. PyTorch's `torch.optim.Adam`.
///
/// With g the gradient of a parameter θ (-g if it [`maximize`](Self::maximize)s), plus `weight_decay` · θ, at the
/// t-th step of this parameter:
/// - m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²;
/// - θ ← θ - `lr` / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + `eps`);
/// - with [`amsgrad`](Self::amsgrad) the largest v so far stands in place of v in the last line.
///
/// Options that make no sense panic where they are given, in the words of PyTorch's `ValueError`.
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
    options: Options,
    states: States,
    groups: Groups,
}

/// m and v, and for AMSGrad the largest v.
const ROWS: Rows = Rows { count: 2..=3, squares: 1..3 };

#[derive(Clone, Copy)]
struct Options {
    lr: f64,
    betas: (f64, f64),
    eps: f64,
    weight_decay: f64,
    amsgrad: bool,
    maximize: bool,
}

impl Adam {
    /// Adam with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no weight decay.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn new(lr: f64) -> Self {
        let (betas, eps, weight_decay) = ((0.9, 0.999), 1e-8, 0.0);
        let options = Options { lr, betas, eps, weight_decay, amsgrad: false, maximize: false };
        Adam { options, states: States::default(), groups: Groups::default() }.checked()
    }

    /// How much of the means of g and of g² is kept from step to step.
    ///
    /// # Panics
    /// If one is not in 0 ≤ β < 1.
    #[must_use]
    #[track_caller]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.options.betas = (beta1, beta2);
        self.checked()
    }

    /// What is added to the denominator, so that it is not 0.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.options.eps = eps;
        self.checked()
    }

    /// The factor of the parameter that is added to its gradient, 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.options.weight_decay = weight_decay;
        self.checked()
    }

    /// Divides by the largest mean of g² so far (Reddi, Kale, Kumar 2018).
    #[must_use]
    pub fn amsgrad(mut self) -> Self {
        self.options.amsgrad = true;
        self
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

    /// PyTorch's `ValueError`s. Written so that NaN is refused, too.
    #[track_caller]
    fn checked(self) -> Self {
        let Options { lr, betas, eps, weight_decay, .. } = self.options;
        assert!(0.0 <= lr, "Invalid learning rate: {lr:?}");
        assert!(0.0 <= eps, "Invalid epsilon value: {eps:?}");
        for (i, beta) in [betas.0, betas.1].into_iter().enumerate() {
            assert!((0.0..1.0).contains(&beta), "Invalid beta parameter at index {i}: {beta:?}");
        }
        assert!(0.0 <= weight_decay, "Invalid weight_decay value: {weight_decay:?}");
        self
    }

    /// The learning rate.
    #[must_use]
    pub fn lr(&self) -> f64 {
        self.options.lr
    }

    /// Changes the learning rate, as a schedule does. The means are kept.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[track_caller]
    pub fn set_lr(&mut self, lr: f64) {
        assert!(0.0 <= lr, "Invalid learning rate: {lr:?}");
        self.options.lr = lr;
    }

    /// Changes every parameter that has a gradient. PyTorch's `step`.
    ///
    /// It allocates nothing but the means, at the first step.
    ///
    /// # Panics
    /// If the module has other parameters than that of the first step, or a [`Group`] has no parameter.
    #[track_caller]
    pub fn step(&mut self, module: &mut impl Module) {
        let states = self.states.check(module);
        let rates = self.groups.rates(module);
        module.visit_mut(&mut Step { options: self.options, states, rates });
    }

    /// The learning rate, the step counts and means, for a file. PyTorch's `state_dict`; the other options are those of the
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
        let Options { lr, betas, eps, weight_decay, amsgrad, maximize } = self.options;
        let (lr, weight_decay) = (rates.lr(lr), rates.weight_decay(weight_decay));
        state.steps += 1;
        // The corrections are computed in f64 whatever the parameter is, as PyTorch does; by squaring, so that they
        // are the same on every machine.
        let (correction1, correction2) =
            (1.0 - num_traits::pow(betas.0, state.steps), 1.0 - num_traits::pow(betas.1, state.steps));
        let step = AdamStep {
            size: E::from_f64(lr / correction1),
            weight1: E::from_f64(1.0 - betas.0),
            beta2: E::from_f64(betas.1),
            weight2: E::from_f64(1.0 - betas.1),
            root: E::from_f64(correction2.sqrt()),
            eps: E::from_f64(eps),
            weight_decay: (weight_decay != 0.0).then(|| E::from_f64(weight_decay)),
            sign: E::from_f64(if maximize { -1.0 } else { 1.0 }),
        };
        let moments = state.numbers(S::NUMEL * if amsgrad { 3 } else { 2 });
        optim::adam(value, grad, moments, step);
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
        let Options { lr, betas, eps, weight_decay, amsgrad, maximize } = self.options;
        write!(
            f,
            "Adam(lr={lr:?}, betas={betas:?}, eps={eps:?}, weight_decay={weight_decay:?}, amsgrad={amsgrad:?}, \
             maximize={maximize:?})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn amsgrad_remembers_nan() {
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
