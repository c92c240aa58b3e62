//! l = (x - t)², and dl/dx = 2 (x - t) = -dl/dt.

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::RowsOf;

/// The squared difference. PyTorch's `torch.nn.MSELoss`.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let each = MseLoss.none(Tensor::from([1.0, -2.0]), Tensor::from([0.0, 1.0]));
/// assert_eq!(each, Tensor::from([1.0, 9.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MseLoss;

impl MseLoss {
    /// The loss. It has no options.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // the reduction is a method: `MseLoss::new().sum(x, &y)`
        MseLoss
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        Formula::plain(ElementLoss::Mse)
    }
}

pair_loss!(mse_loss, MseLoss, MseLossBackward, opposite: true);

pair_method! {
    /// The mean of (x - t)²: the loss of a regression. PyTorch's `torch.nn.functional.mse_loss`, where the
    /// shapes must be equal: no silent broadcast. [`MseLoss`] has the sum and the loss of each element.
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let loss = Tensor::from([1.0, 2.0, 4.0]).mse_loss(&Tensor::from([0.0, 2.0, 1.0]));
    /// assert_eq!(loss.item(), 10.0 / 3.0);
    /// ```
    fn mse_loss(target) by MseLoss,
    takes SizesOfTwo::<Self, R>::HOLDS,
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
