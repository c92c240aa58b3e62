//! l = |x - t|, and dl/dx = sign (x - t) = -dl/dt.

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::RowsOf;

/// The absolute difference. PyTorch's `torch.nn.L1Loss`.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let loss = L1Loss.sum(Tensor::from([1.0, -2.0]), Tensor::from([0.0, 0.0]));
/// assert_eq!(loss.item(), 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct L1Loss;

impl L1Loss {
    /// The loss. It has no options.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // the reduction is a method: `L1Loss::new().sum(x, &y)`
        L1Loss
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        Formula::plain(ElementLoss::L1)
    }
}

pair_loss!(l1_loss, L1Loss, L1LossBackward, opposite: true);

pair_method! {
    /// The mean of |x - t|. PyTorch's `torch.nn.functional.l1_loss`. [`L1Loss`] has the sum and the loss of each
    /// element.
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (x, t) = (Tensor::from([1.0, 2.0]), Tensor::from([0.0, 5.0]));
    /// assert_eq!(x.clone().l1_loss(&t).item(), 2.0);
    /// assert_eq!(L1Loss.none(x, t), Tensor::from([1.0, 3.0]));
    /// ```
    fn l1_loss(target) by L1Loss,
    takes SizesOfTwo::<Self, R>::HOLDS,
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
