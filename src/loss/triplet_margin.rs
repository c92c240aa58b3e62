//! l = max(0, m + d(a, p) - d(a, n)); [`triplet`](crate::kernel::loss::triplet) has the gradients.

use super::SameShapeOperand;
use super::local_gradients::{backward, three_lanes};
use super::reductions::{of_batches, reductions};
use super::results::{ContextOfTwo, OfThree, SecondOf, SizesOfThree};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::Reduce;
use crate::kernel::loss::triplet::Triplet;
use crate::options;
use crate::shape::{Axis, Is, Law, Shape};
use crate::tensor::{KeepsRows, RowsOf, Tensor};

backward!(for TripletMarginLoss: TripletMarginLossBackward of triplet_margin_loss, three tensors);

/// A loss that is 0 where an anchor is nearer to a positive than to a negative example, by a margin. PyTorch's
/// `torch.nn.TripletMarginLoss`.
///
/// The distances are along the last axis: three tensors `[B, N]`.
///
/// Out: a scalar, or `[B]`.
///
/// ```
/// use typegrad::prelude::*;
/// let (anchor, positive) = (Tensor::from([[0.0_f32, 0.0]]), Tensor::from([[3.0, 4.0]]));
/// let negative = Tensor::from([[3.0, 6.0]]);
/// let criterion = TripletMarginLoss::new().margin(2.0).swap(true); // the positive is 2 from the negative
/// assert!((criterion.mean(anchor, positive, negative).item() - 5.0).abs() < 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripletMarginLoss {
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
}

impl Default for TripletMarginLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl TripletMarginLoss {
    /// The loss with margin 1, the norm p = 2, ε = 1e-6, and no swap.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `TripletMarginLoss::new().margin(0.3)`
        TripletMarginLoss { margin: 1.0, p: 2.0, eps: 1e-6, swap: false }
    }

    /// Sets the margin by which the positive must be nearer than the negative.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        TripletMarginLoss { margin: options::positive("margin", margin), ..self }
    }

    /// Sets the norm: Σ |d|ᵖ to the power 1 / p, for p of at least 1, which may be infinity.
    ///
    /// # Panics
    /// If p is less than 1.
    #[must_use]
    #[track_caller]
    pub fn p(self, p: f64) -> Self {
        assert!(p >= 1.0, "the p of a norm must be at least 1, got {p}");
        TripletMarginLoss { p, ..self }
    }

    /// Sets the number added to each difference, so that the norm has a gradient at 0.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn eps(self, eps: f64) -> Self {
        let eps = options::not_negative("eps", eps);
        TripletMarginLoss { eps, ..self }
    }

    /// Sets whether the distance of p and n counts where it is smaller than that of the anchor and n.
    #[must_use]
    pub fn swap(self, swap: bool) -> Self {
        TripletMarginLoss { swap, ..self }
    }

    reductions! {
        (positive: R1, negative: R2) -> LossOfThree, EachOfThree [R1 R2],
        takes SizesOfThree::<X, R1, R2>::HOLDS,
        of rows,
        where {
            R1: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
            R2: RowsOf<X, Inner: SameShapeOperand<ContextOfTwo<X, R1>, X::Shape, X::Element>>,
        }
    }

    fn run<T, S, E, C, F, R1, R2>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        positive: R1,
        negative: R2,
        reduce: Reduce,
    ) -> OfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, TripletMarginLossBackward<E>>
    where
        T: Shape,
        S: Axis<-1>,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        R1: SameShapeOperand<C, S, E>,
        R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    {
        let along = AxisLayout::of::<S, -1>();
        let TripletMarginLoss { margin, p, eps, swap } = *self;
        let loss = Triplet { margin: E::from_f64(margin), p, eps: E::from_f64(eps), swap };
        three_lanes(x, positive, negative, along, reduce, TripletMarginLossBackward, |job| {
            E::triplets(loss, job);
        })
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Axis<-1>,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean over the rows of max(0, 1 + |a - p| - |a - n|): the positive example should be nearer to the anchor than the negative
    /// one. PyTorch's `torch.nn.functional.triplet_margin_loss`. [`TripletMarginLoss`] has `margin`, `p`, `eps`, `swap`
    /// and the other reductions.
    ///
    /// In: three times `[B, N]`; the other two are constants, tracked tensors or `&Param`s. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, p, n) = (Tensor::from([[0.0_f64, 0.0]]), Tensor::from([[3.0, 4.0]]), Tensor::from([[0.0, 5.5]]));
    /// assert!((a.triplet_margin_loss(p, n).item() - 0.5).abs() < 1e-5);
    /// ```
    pub fn triplet_margin_loss<P, N>(self, positive: P, negative: N) -> P::Mean<N>
    where
        P: SecondOf<S, E, C, F, TripletMarginLossBackward<E>>,
        N: SameShapeOperand<C::Or<P::Context>, S, E>,
    {
        let () = SizesOfThree::<Self, P, N>::HOLDS;
        Is::of(TripletMarginLoss::new().mean_of(self, positive, negative))
    }
}

of_batches! {
    triplet_margin_loss(self, positive: R1, negative: R2) -> LossOfThree<(), Self, R1, R2, TripletMarginLoss>,
    TripletMarginLoss::new(),
    takes SizesOfThree::<Self, R1, R2>::HOLDS,
    where {
        S: Axis<-1>,
        R1: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>,
        R2: RowsOf<Self, Inner: SameShapeOperand<ContextOfTwo<Self, R1>, S, E>>,
        <S as Axis<-1>>::Removed: KeepsRows<S>,
    }
}
