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

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn both_sides_have_the_gradient_of_pytorch() {
        let x = Param::new(Tensor::from([1.0, 2.0, 4.0]));
        let t = Param::new(Tensor::from([0.0, 2.0, 1.0]));
        assert_eq!(x.track().mse_loss(&t).backward(), 10.0 / 3.0);
        assert_eq!(x.grad().unwrap(), Tensor::from([2.0 / 3.0, 0.0, 2.0]));
        assert_eq!(t.grad().unwrap(), Tensor::from([-2.0 / 3.0, 0.0, -2.0]));
    }

    #[test]
    fn only_tracked_operands_get_a_gradient() {
        let x = Tensor::from([1.0, 2.0]);
        let t = Param::new(Tensor::from([0.0, 4.0]));
        MseLoss.sum(x.clone(), &t).backward();
        assert_eq!(t.grad().unwrap(), Tensor::from([-2.0, 4.0]));
        assert_eq!(x, Tensor::from([1.0, 2.0]));
        assert_eq!(MseLoss.none(x, t.value()), Tensor::from([1.0, 4.0]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let t = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        gradcheck((x.clone(), t.clone()), |(x, t)| x.mse_loss(t)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| MseLoss.none(x, t).powi(2).sum()).unwrap();
        gradcheck(x, |x| MseLoss.sum(x, &t).powi(2)).unwrap();
    }

    #[test]
    fn the_loss_of_no_elements_is_nan() {
        assert!(Tensor::<Rank1<0>>::zeros().mse_loss(Tensor::zeros()).item().is_nan());
        assert_eq!(MseLoss.sum(Tensor::<Rank1<0>>::zeros(), Tensor::zeros()).item(), 0.0);
    }
}
