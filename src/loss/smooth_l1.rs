//! l = d² / 2β where |d| < β, and |d| - β/2 elsewhere, with d = x - t; dl/dx = d / β, or the sign of d.

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::RowsOf;

/// The squared difference near 0, the absolute one elsewhere. PyTorch's `torch.nn.SmoothL1Loss`.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let each = SmoothL1Loss::new().beta(2.0).none(Tensor::from([1.0, 5.0]), Tensor::from([0.0, 0.0]));
/// assert_eq!(each, Tensor::from([0.25, 4.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothL1Loss {
    beta: f64,
}

impl Default for SmoothL1Loss {
    fn default() -> Self {
        Self::new()
    }
}

impl SmoothL1Loss {
    /// The loss with β = 1.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `SmoothL1Loss::new().beta(0.1)`
        SmoothL1Loss { beta: 1.0 }
    }

    /// Sets the difference at which the quadratic loss becomes linear. With 0 it is the [`L1Loss`](super::L1Loss).
    ///
    /// # Panics
    /// If β is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn beta(self, beta: f64) -> Self {
        assert!(beta >= 0.0, "smooth_l1_loss does not support negative values for beta, got {beta}");
        SmoothL1Loss { beta }
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        Formula::plain(ElementLoss::SmoothL1(E::from_f64(self.beta)))
    }
}

pair_loss!(smooth_l1_loss, SmoothL1Loss, SmoothL1LossBackward, opposite: true);

pair_method! {
    /// The mean of (x - t)² / 2 where |x - t| < 1, and of |x - t| - 1/2 elsewhere. PyTorch's
    /// `torch.nn.functional.smooth_l1_loss`. [`SmoothL1Loss`] has β, which is 1 here, and the other reductions.
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (x, t) = (Tensor::from([0.5, 3.0]), Tensor::from([0.0, 0.0]));
    /// assert_eq!(SmoothL1Loss::new().none(x.clone(), &t), Tensor::from([0.125, 2.5]));
    /// assert_eq!(SmoothL1Loss::new().beta(4.0).sum(x.clone(), &t).item(), 1.15625);
    /// assert_eq!(x.smooth_l1_loss(&t).item(), 1.3125);
    /// ```
    fn smooth_l1_loss(target) by SmoothL1Loss,
    takes SizesOfTwo::<Self, R>::HOLDS,
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
