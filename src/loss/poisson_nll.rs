//! l = eˣ - t x, where x is the logarithm of the expected count, and dl/dx = eˣ - t, dl/dt = -x. Without `log_input`,
//! l = x - t ln (x + ε). With `full`, t ln t - t + ln (2πt) / 2 is added where t > 1.

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::options;
use crate::shape::{Law, Shape};
use crate::tensor::RowsOf;

/// The negative log-likelihood of counts t under Poisson distributions with means eˣ. PyTorch's `torch.nn.PoissonNLLLoss`.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let (x, t) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 0.0]));
/// let each = PoissonNllLoss::new().log_input(false).eps(0.0).none(x, t); // x - t ln x
/// assert_eq!(each, Tensor::from([1.0, 2.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoissonNllLoss {
    log_input: bool,
    full: bool,
    eps: f64,
}

impl Default for PoissonNllLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl PoissonNllLoss {
    /// The loss of an input that is a logarithm, without Stirling's term, with ε = 1e-8.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `PoissonNllLoss::new().full(true)`
        PoissonNllLoss { log_input: true, full: false, eps: 1e-8 }
    }

    /// Sets whether the input is the logarithm of the expected count.
    #[must_use]
    pub fn log_input(self, log_input: bool) -> Self {
        PoissonNllLoss { log_input, ..self }
    }

    /// Sets whether Stirling's approximation of ln t! is added where t > 1.
    #[must_use]
    pub fn full(self, full: bool) -> Self {
        PoissonNllLoss { full, ..self }
    }

    /// Sets the number added to an input that is not a logarithm, so that its logarithm is finite.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn eps(self, eps: f64) -> Self {
        let eps = options::not_negative("eps", eps);
        PoissonNllLoss { eps, ..self }
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        let eps = E::from_f64(self.eps);
        Formula::plain(match (self.log_input, self.full) {
            (true, false) => ElementLoss::PoissonLog,
            (true, true) => ElementLoss::PoissonLogFull,
            (false, false) => ElementLoss::Poisson(eps),
            (false, true) => ElementLoss::PoissonFull(eps),
        })
    }
}

pair_loss!(poisson_nll_loss, PoissonNllLoss, PoissonNllLossBackward, opposite: false);

pair_method! {
    /// The mean of eˣ - t x: the negative log-likelihood of counts t under Poisson distributions with means eˣ. PyTorch's
    /// `torch.nn.functional.poisson_nll_loss`. [`PoissonNllLoss`] has the options and the other reductions.
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0, 0.0]);
    /// assert_eq!(x.poisson_nll_loss(&Tensor::from([3.0, 4.0])).item(), 1.0);
    /// ```
    fn poisson_nll_loss(target) by PoissonNllLoss,
    takes SizesOfTwo::<Self, R>::HOLDS,
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
