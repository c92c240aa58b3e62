//! l = x for the label 1, max(0, m - x) for the label -1, and dl/dx = 1, or -1 where m > x.

use super::local_gradients::{backward, with_signs};
use super::reductions::{of_batches, reductions};
use super::results::LossOfOne;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::Reduce;
use crate::kernel::loss::formulas::ElementLoss;
use crate::ops::Unary;
use crate::options;
use crate::shape::Shape;
use crate::tensor::{Elements, RowsOf, Tensor};

backward!(for HingeEmbeddingLoss: HingeEmbeddingLossBackward of hinge_embedding_loss);

/// A loss of distances that should be small for the label 1, and at least a margin for -1. PyTorch's `torch.nn.HingeEmbeddingLoss`.
///
/// In: x, and labels of its shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let each = HingeEmbeddingLoss::new().margin(2.0).none(Tensor::from([3.0, 0.5]), &Tensor::from([1, -1]));
/// assert_eq!(each, Tensor::from([3.0, 1.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HingeEmbeddingLoss {
    margin: f64,
}

impl Default for HingeEmbeddingLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl HingeEmbeddingLoss {
    /// The loss with margin 1.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `HingeEmbeddingLoss::new().margin(0.3)`
        HingeEmbeddingLoss { margin: 1.0 }
    }

    /// Sets the margin: the least distance that pairs with the label -1 should have.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        let margin = options::not_nan("margin", margin);
        HingeEmbeddingLoss { margin }
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
    ) -> Unary<S, E, C, F, T, HingeEmbeddingLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
    {
        let loss = ElementLoss::HingeEmbedding(E::from_f64(self.margin));
        with_signs("hinge_embedding_loss", x, labels, reduce, HingeEmbeddingLossBackward, loss)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of x for the label 1 and of max(0, 1 - x) for the label -1. PyTorch's
    /// `torch.nn.functional.hinge_embedding_loss`. [`HingeEmbeddingLoss`] has the margin and the other reductions.
    ///
    /// In: distances `S`, and labels `S`. Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither 1 nor -1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([3.0, 0.25, 2.0, 0.0]);
    /// assert_eq!(x.hinge_embedding_loss(&Tensor::from([1, -1, -1, -1])).item(), 4.75 / 4.0);
    /// ```
    #[track_caller]
    pub fn hinge_embedding_loss<D, H>(
        self,
        labels: &Tensor<S, i64, Graph<D, H>>,
    ) -> LossOfOne<(), Self, HingeEmbeddingLoss> {
        HingeEmbeddingLoss::new().mean(self, labels)
    }
}

of_batches! {
    hinge_embedding_loss(self, labels: L) -> LossOfOne<(), Self, HingeEmbeddingLoss>,
    HingeEmbeddingLoss::new(),
    where { L: RowsOf<Self, Inner: Elements<S, i64>>, }
}
