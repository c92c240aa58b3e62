//! 1 - cos(a, b) for the label 1, max(0, cos(a, b) - margin) for -1; [`cosine`](crate::kernel::loss::cosine) has the
//! gradients.

use super::SameShapeOperand;
use super::local_gradients::{backward, pair_of_lanes};
use super::reductions::{of_batches, reductions};
use super::results::{LossOfTwo, OfTwo, SizesOfTwo};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::cosine::Cosine;
use crate::kernel::loss::{Reduce, check_signs};
use crate::options;
use crate::shape::{Axis, Law, Shape};
use crate::tensor::{Elements, KeepsRows, RowsOf, Tensor};

backward!(for CosineEmbeddingLoss: CosineEmbeddingLossBackward of cosine_embedding_loss);

/// A loss of the angle between two vectors, which should be 0 for the label 1 and exceed a margin for -1. PyTorch's
/// `torch.nn.CosineEmbeddingLoss`.
///
/// The directions are along the last axis: `[B, N]`, with labels `[B]`.
///
/// Out: a scalar, or `[B]`.
///
/// ```
/// use typegrad::prelude::*;
/// let a = Tensor::from([[1.0_f32, 0.0], [1.0, 0.0], [0.0, 2.0]]);
/// let b = Tensor::from([[0.0, 1.0], [2.0, 0.0], [2.0, 0.0]]);
/// let each = CosineEmbeddingLoss::new().margin(0.5).none(a, b, &Tensor::from([1, -1, -1]));
/// assert_eq!(each, Tensor::from([1.0, 0.5, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CosineEmbeddingLoss {
    margin: f64,
}

impl CosineEmbeddingLoss {
    /// The loss with margin 0.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `CosineEmbeddingLoss::new().margin(0.3)`
        CosineEmbeddingLoss { margin: 0.0 }
    }

    /// Sets the margin: the largest cosine that costs nothing for the label -1, from -1 to 1.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        let margin = options::not_nan("margin", margin);
        CosineEmbeddingLoss { margin }
    }

    reductions! {
        (other: R, labels: L) -> LossOfTwo, EachOfTwo [R],
        takes SizesOfTwo::<X, R>::HOLDS,
        of rows,
        where {
            R: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
            L: RowsOf<X, Inner: Elements<<X::Shape as Axis<-1>>::Removed, i64>>,
        }
    }

    #[track_caller]
    fn run<T, S, E, C, F, R>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        other: R,
        labels: impl Elements<S::Removed, i64>,
        reduce: Reduce,
    ) -> OfTwo<T, Tensor<S, E, Graph<C, F>>, R, CosineEmbeddingLossBackward<E>>
    where
        T: Shape,
        S: Axis<-1>,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        R: SameShapeOperand<C, S, E>,
    {
        let labels = labels.elements();
        check_signs("cosine_embedding_loss", &labels[..reduce.rows.part(labels.len())]);
        let margin = E::from_f64(self.margin);
        let along = AxisLayout::of::<S, -1>();
        let loss = Cosine::Loss { margin, labels };
        pair_of_lanes(x, other, along, reduce, CosineEmbeddingLossBackward, |job| E::cosines(loss, job))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean over the rows of 1 - cos(a, b) for the label 1, and of max(0, cos(a, b)) for the label -1. PyTorch's
    /// `torch.nn.functional.cosine_embedding_loss`. [`CosineEmbeddingLoss`] has the margin and the other reductions.
    ///
    /// In: two tensors `[B, N]`, of which the second is a constant, a tracked tensor or a `&Param`, and labels `[B]`.
    /// Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither 1 nor -1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([[3.0, 0.0], [1.0, 0.0]]), Tensor::from([[0.0, 2.0], [0.0, 5.0]]));
    /// assert_eq!(a.cosine_embedding_loss(b, &Tensor::from([1, -1])).item(), 0.5);
    /// ```
    #[track_caller]
    pub fn cosine_embedding_loss<R, D, H>(
        self,
        other: R,
        labels: &Tensor<S::Removed, i64, Graph<D, H>>,
    ) -> LossOfTwo<(), Self, R, CosineEmbeddingLoss>
    where
        S: Axis<-1>,
        R: SameShapeOperand<C, S, E>,
    {
        let () = SizesOfTwo::<Self, R>::HOLDS;
        CosineEmbeddingLoss::new().mean_of(self, other, labels)
    }
}

of_batches! {
    cosine_embedding_loss(self, other: R, labels: L) -> LossOfTwo<(), Self, R, CosineEmbeddingLoss>,
    CosineEmbeddingLoss::new(),
    takes SizesOfTwo::<Self, R>::HOLDS,
    where {
        S: Axis<-1>,
        R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>,
        L: RowsOf<Self, Inner: Elements<<S as Axis<-1>>::Removed, i64>>,
        <S as Axis<-1>>::Removed: KeepsRows<S>,
    }
}
