//! l = t (ln t - x), where x is a logarithm; dl/dx = -t, dl/dt = ln t - x + 1. With `log_target`, t is a logarithm too:
//! l = eᵗ (t - x), dl/dx = -eᵗ, dl/dt = eᵗ (t - x + 1).

use super::SameShapeOperand;
use super::local_gradients::Formula;
use super::reductions::{pair_loss, pair_method};
use super::results::{LossOfTwo, SizesOfTwo};
use super::takes::{KindOf, LogDistribution};
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::kernel::loss::{Reduce, Reduction};
use crate::shape::{Axis, Dim, Law, Shape};
use crate::tensor::{MaybePadded, RowsOf};

/// The divergence of a distribution t from one whose logarithms are x. PyTorch's `torch.nn.KLDivLoss`.
///
/// The divergence itself is [`batchmean`](KlDivLoss::batchmean): the sum, divided by the size of the batch. The mean
/// over all elements, PyTorch's default, is smaller by the number of classes.
///
/// In: x and t of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[0.5_f64, 0.5], [0.25, 0.75]]).ln();
/// let loss = KlDivLoss::new().batchmean(x, Tensor::from([[1.0, 0.0], [0.25, 0.75]]));
/// assert!((loss.item() - 0.5 * 2.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDivLoss {
    log_target: bool,
}

impl KlDivLoss {
    /// The target is a distribution.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `KlDivLoss::new().log_target(true)`
        KlDivLoss { log_target: false }
    }

    /// Sets whether the target is given as logarithms, too.
    #[must_use]
    pub fn log_target(self, log_target: bool) -> Self {
        KlDivLoss { log_target }
    }

    /// The sum, divided by the size of the first axis: the divergence, on average over the batch. Of a
    /// [`PaddedBatch`](crate::tensor::PaddedBatch), over the real rows.
    pub fn batchmean<X, R>(&self, x: X, target: R) -> LossOfTwo<(), X, R, KlDivLoss>
    where
        X: MaybePadded<Element: Float, Shape: Axis<0>>,
        R: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
    {
        let () = LogDistribution::<KindOf<X>>::HOLDS;
        let () = SizesOfTwo::<X, R>::HOLDS;
        let (x, rows) = x.into_rows();
        let over = Reduction::Over(<<X::Shape as Axis<0>>::Dim as Dim>::SIZE as f64);
        self.run(x, target.into_inner(rows), Reduce::new(over, rows))
    }

    #[expect(clippy::extra_unused_type_parameters, reason = "losses with weights have formulas for a shape")]
    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'static, E> {
        Formula::plain(if self.log_target { ElementLoss::KlDivLog } else { ElementLoss::KlDiv })
    }
}

pair_loss!(kl_div, KlDivLoss, KlDivBackward, takes LogDistribution::<KindOf<X>>::HOLDS, opposite: false);

pair_method! {
    /// The mean of t (ln t - x), where x is the logarithm of a distribution and t is one. PyTorch's
    /// `torch.nn.functional.kl_div`, with its default reduction; what is called the divergence is
    /// [`KlDivLoss::batchmean`]. [`KlDivLoss`] has `log_target` and the other reductions.
    ///
    /// In: x and a target, both `S`. The softmax of scores as x does not build. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[0.0_f64, 0.0]]).log_softmax::<-1>();
    /// let t = Tensor::from([[1.0, 0.0]]);
    /// assert!((KlDivLoss::new().batchmean(x.clone(), &t).item() - 2.0_f64.ln()).abs() < 1e-15);
    /// assert!((x.kl_div(&t).item() - 2.0_f64.ln() / 2.0).abs() < 1e-15);
    /// ```
    fn kl_div(target) by KlDivLoss,
    takes { let () = LogDistribution::<F::Kind>::HOLDS; SizesOfTwo::<Self, R>::HOLDS },
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
