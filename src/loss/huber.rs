//! l = d² / 2 where |d| < δ, and δ (|d| - δ/2) elsewhere, with d = x - t; dl/dx = d, clamped to -δ and δ.

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::RowsOf;

/// The squared difference near 0, a multiple of the absolute one elsewhere. PyTorch's `torch.nn.HuberLoss`.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let each = HuberLoss::new().delta(2.0).none(Tensor::from([1.0, 5.0]), Tensor::from([0.0, 0.0]));
/// assert_eq!(each, Tensor::from([0.5, 8.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HuberLoss {
    delta: f64,
}

impl Default for HuberLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl HuberLoss {
    /// The loss with δ = 1.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `HuberLoss::new().delta(2.0)`
        HuberLoss { delta: 1.0 }
    }

    /// Sets the difference at which the quadratic loss becomes linear.
    ///
    /// # Panics
    /// If δ is not positive.
    #[must_use]
    #[track_caller]
    pub fn delta(self, delta: f64) -> Self {
        assert!(delta > 0.0, "huber_loss does not support non-positive values for delta, got {delta}");
        HuberLoss { delta }
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        Formula::plain(ElementLoss::Huber(E::from_f64(self.delta)))
    }
}

pair_loss!(huber_loss, HuberLoss, HuberLossBackward, opposite: true);

pair_method! {
    /// The mean of (x - t)² / 2 where |x - t| < 1, and of |x - t| - 1/2 elsewhere. PyTorch's
    /// `torch.nn.functional.huber_loss`. [`HuberLoss`] has δ, which is 1 here, and the other reductions.
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (x, t) = (Tensor::from([0.5, 3.0]), Tensor::from([0.0, 0.0]));
    /// assert_eq!(HuberLoss::new().delta(2.0).none(x.clone(), &t), Tensor::from([0.125, 4.0]));
    /// assert_eq!(x.huber_loss(&t).item(), 1.3125);
    /// ```
    fn huber_loss(target) by HuberLoss,
    takes SizesOfTwo::<Self, R>::HOLDS,
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
