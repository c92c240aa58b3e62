//! l = ln (1 + e^(-y x)) for labels y of 1 or -1, and dl/dx = -y σ(-y x).

use super::local_gradients::{backward, with_signs};
use super::reductions::{of_batches, reductions};
use super::results::LossOfOne;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::Reduce;
use crate::kernel::loss::formulas::ElementLoss;
use crate::ops::Unary;
use crate::shape::Shape;
use crate::tensor::{Elements, RowsOf, Tensor};

backward!(for SoftMarginLoss: SoftMarginLossBackward of soft_margin_loss);

/// The logistic loss of scores and labels of 1 or -1. PyTorch's `torch.nn.SoftMarginLoss`, which overflows where the loss
/// is large; this one does not.
///
/// In: x, and labels of its shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let each = SoftMarginLoss::new().none(Tensor::from([0.0, 0.0]), &Tensor::from([1, -1]));
/// assert_eq!(each, Tensor::from([2.0_f64.ln(); 2]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftMarginLoss;

impl SoftMarginLoss {
    /// The loss. It has no options.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // the reduction is a method: `SoftMarginLoss::new().sum(x, &y)`
        SoftMarginLoss
    }

    reductions! {
        (labels: L) -> LossOfOne, EachOfOne [],
        over <X::Shape as Shape>::NUMEL as f64,
        none X::Shape,
        where { L: RowsOf<X, Inner: Elements<X::Shape, i64>>, }
    }

    #[track_caller]
    fn run<T, S, E, C, F>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        labels: impl Elements<S, i64>,
        reduce: Reduce,
    ) -> Unary<S, E, C, F, T, SoftMarginLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
    {
        with_signs("soft_margin_loss", x, labels, reduce, SoftMarginLossBackward, ElementLoss::SoftMargin)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of ln (1 + e^(-y x)), for scores x and labels y of 1 or -1. PyTorch's
    /// `torch.nn.functional.soft_margin_loss`. [`SoftMarginLoss`] has the other reductions.
    ///
    /// In: `S`, and labels `S`. Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither 1 nor -1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0_f64, 1000.0]);
    /// assert_eq!(x.soft_margin_loss(&Tensor::from([1, 1])).item(), 2.0_f64.ln() / 2.0);
    /// ```
    #[track_caller]
    pub fn soft_margin_loss<D, H>(
        self,
        labels: &Tensor<S, i64, Graph<D, H>>,
    ) -> LossOfOne<(), Self, SoftMarginLoss> {
        SoftMarginLoss::new().mean(self, labels)
    }
}

of_batches! {
    soft_margin_loss(self, labels: L) -> LossOfOne<(), Self, SoftMarginLoss>,
    SoftMarginLoss::new(),
    where { L: RowsOf<Self, Inner: Elements<S, i64>>, }
}
