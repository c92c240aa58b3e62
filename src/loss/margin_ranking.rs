//! l = max(0, m - y (a - b)) for labels y of 1 or -1, and dl/da = -y = -dl/db where that is positive.

use super::SameShapeOperand;
use super::local_gradients::{Formula, backward, pair};
use super::reductions::{of_batches, reductions};
use super::results::{LossOfTwo, OfTwo, SizesOfTwo};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::elements::Constant;
use crate::kernel::loss::formulas::ElementLoss;
use crate::kernel::loss::{Reduce, check_signs};
use crate::options;
use crate::shape::{Law, Shape};
use crate::tensor::{Elements, RowsOf, Tensor};

backward!(for MarginRankingLoss: MarginRankingLossBackward of margin_ranking_loss);

/// Ranks two scores by a margin: the first should be larger for the label 1, the second for -1. PyTorch's
/// `torch.nn.MarginRankingLoss`.
///
/// In: two tensors of scores and labels, of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let (a, b) = (Tensor::from([2.0, 0.0]), Tensor::from([1.0, 3.0]));
/// let each = MarginRankingLoss::new().margin(1.0).none(a, b, &Tensor::from([1, 1]));
/// assert_eq!(each, Tensor::from([0.0, 4.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MarginRankingLoss {
    margin: f64,
}

impl MarginRankingLoss {
    /// The loss with margin 0.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `MarginRankingLoss::new().margin(0.3)`
        MarginRankingLoss { margin: 0.0 }
    }

    /// Sets the margin by which the score that should be higher must exceed the other.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        let margin = options::not_nan("margin", margin);
        MarginRankingLoss { margin }
    }

    reductions! {
        (other: R, labels: L) -> LossOfTwo, EachOfTwo [R],
        takes SizesOfTwo::<X, R>::HOLDS,
        over <X::Shape as Shape>::NUMEL as f64,
        none X::Shape,
        where {
            R: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
            L: RowsOf<X, Inner: Elements<X::Shape, i64>>,
        }
    }

    #[track_caller]
    fn run<T, S, E, C, F, R>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        other: R,
        labels: impl Elements<S, i64>,
        reduce: Reduce,
    ) -> OfTwo<T, Tensor<S, E, Graph<C, F>>, R, MarginRankingLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        R: SameShapeOperand<C, S, E>,
    {
        let labels = labels.elements();
        check_signs("margin_ranking_loss", &labels[..reduce.rows.part(labels.len())]);
        pair(x, other, reduce, true, MarginRankingLossBackward, |_| {
            let loss = ElementLoss::MarginRanking(E::from_f64(self.margin));
            Formula { constant: Constant::Signs(labels), ..Formula::plain(loss) }
        })
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of max(0, -y (a - b)): zero where the ranking is right, for labels y of 1 or -1. PyTorch's
    /// `torch.nn.functional.margin_ranking_loss`. [`MarginRankingLoss`] has the margin and the other reductions.
    ///
    /// In: two tensors of shape `S`, of which the second is a constant, a tracked tensor or a `&Param`, and labels `S`. Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither 1 nor -1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([1.0, 1.0]), Tensor::from([0.0, 0.0]));
    /// assert_eq!(a.margin_ranking_loss(b, &Tensor::from([1, -1])).item(), 0.5);
    /// ```
    #[track_caller]
    pub fn margin_ranking_loss<R, D, H>(
        self,
        other: R,
        labels: &Tensor<S, i64, Graph<D, H>>,
    ) -> LossOfTwo<(), Self, R, MarginRankingLoss>
    where
        R: SameShapeOperand<C, S, E>,
    {
        let () = SizesOfTwo::<Self, R>::HOLDS;
        MarginRankingLoss::new().mean_of(self, other, labels)
    }
}

of_batches! {
    margin_ranking_loss(self, other: R, labels: L) -> LossOfTwo<(), Self, R, MarginRankingLoss>,
    MarginRankingLoss::new(),
    takes SizesOfTwo::<Self, R>::HOLDS,
    where {
        R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>,
        L: RowsOf<Self, Inner: Elements<S, i64>>,
    }
}
