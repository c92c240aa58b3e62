//! l = Σ w[label] max(0, m - x[label] + x)ᵖ / K over the classes but the label; dl/dx = p w max(0, ..)ᵖ⁻¹ / K, and
//! minus the sum of these at the label.

use super::Unweighted;
use super::classes::{ClassAxis, ClassLoss, ClassesAt, LastAxisClasses, ScoresFor};
use super::local_gradients::{LocalGradients, backward};
use super::reductions::{of_batches, reductions};
use super::results::LossOfOne;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::{Reduce, check_labels, labelled};
use crate::ops::{Predicted, Unary};
use crate::options;
use crate::shape::{Dim, Shape};
use crate::tensor::{Elements, KeepsRows, MaybePadded, RowsOf, Tensor};
use std::marker::PhantomData;

backward!(for MultiMarginLoss<W, A>: MultiMarginLossBackward of multi_margin_loss);

/// The hinge loss of a classifier: the score of the correct class should exceed the others by a margin. PyTorch's `torch.nn.MultiMarginLoss`.
///
/// In: scores `[B, K]` or `[K]`, and labels `[B]` or a scalar. Out: a scalar, or the shape of the labels.
///
/// ```
/// use typegrad::prelude::*;
/// let scores = Tensor::from([[1.0, 0.5], [0.0, 3.0]]);
/// let each = MultiMarginLoss::new().p(2).none(scores, &Tensor::from([0, 1]));
/// assert_eq!(each, Tensor::from([0.125, 0.0]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultiMarginLoss<W = Unweighted, A = LastAxisClasses> {
    weight: W,
    p: i32,
    margin: f64,
    axis: PhantomData<fn() -> A>,
}

impl Default for MultiMarginLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl<W, A> ClassLoss for MultiMarginLoss<W, A> {
    type Axis = A;
    type Weight = W;
    fn weight(&self) -> &W {
        &self.weight
    }
}

impl MultiMarginLoss {
    /// The loss with p = 1 and the margin 1, without weights.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `MultiMarginLoss::new().margin(0.3)`
        MultiMarginLoss { weight: Unweighted, p: 1, margin: 1.0, axis: PhantomData }
    }
}

impl<W, A> MultiMarginLoss<W, A> {
    /// Sets the power of the missing margin, 1 or 2.
    ///
    /// # Panics
    /// If it is not 1 or 2.
    #[must_use]
    #[track_caller]
    pub fn p(self, p: i32) -> Self {
        assert!(p == 1 || p == 2, "only p == 1 and p == 2 supported, got {p}");
        MultiMarginLoss { p, ..self }
    }

    /// Sets the margin by which the score of the label must exceed the others.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        let margin = options::not_nan("margin", margin);
        MultiMarginLoss { margin, ..self }
    }

    /// Sets a factor for each class, by the label of a row. The mean still divides by the number of rows.
    #[must_use]
    pub fn weight<K: Dim, E: Float>(self, weight: Tensor<(K,), E>) -> MultiMarginLoss<Tensor<(K,), E>, A> {
        MultiMarginLoss { weight, p: self.p, margin: self.margin, axis: PhantomData }
    }

    /// Sets the axis of the classes, if the input is not rows.
    #[must_use]
    pub fn axis<const I: isize>(self) -> MultiMarginLoss<W, ClassesAt<I>> {
        MultiMarginLoss { weight: self.weight, p: self.p, margin: self.margin, axis: PhantomData }
    }

    reductions! {
        (labels: L) -> LossOfOne, EachOfOne [],
        of scores [MaybePadded<Element: Predicted> + ScoresFor<Self, Weight = <X as MaybePadded>::Element>],
        where {
            L: RowsOf<X, Inner: Elements<X::Labels, i64>>,
        }
    }

    /// The divisor of the mean depends on the labels, so `reduce` has none yet.
    #[track_caller]
    fn run<T, S, E, C, F, L>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        labels: impl Elements<L, i64>,
        along: AxisLayout,
        weights: fn(&Self) -> Option<&[E]>,
        reduce: Reduce,
    ) -> Unary<S, E, C, F, T, MultiMarginLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        L: Shape,
    {
        let (x, flow) = x.into_waiting();
        let labels = labels.elements();
        let real = &labels[..reduce.rows.part(labels.len())];
        check_labels("multi_margin_loss", real, along.size, None);
        let weight = weights(self);
        let reduce = reduce.over(|| real.len() as f64);
        let (scale, margin): (E, E) = (reduce.scale(), E::from_f64(self.margin));
        let (square, classes) = (self.p == 2, E::from_f64(along.size as f64));
        let (value, x) = labelled(x, labels, None, along, F::TRACKED, reduce, |label, lane| {
            let w = weight.map_or(E::one(), |w| w[label % w.len()]) / classes;
            E::multi_margin_of(lane, label, [margin, w * scale], square, F::TRACKED) * w
        });
        Tensor::from_parts(
            value,
            Waiting::into_inner(flow).then(|| MultiMarginLossBackward(LocalGradients::of(x, along))),
        )
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean over the rows of Σ max(0, 1 - x\[label\] + x) / K, over the classes but the label. PyTorch's
    /// `torch.nn.functional.multi_margin_loss`. [`MultiMarginLoss`] has `p`, the margin, the weights of classes and the
    /// other reductions.
    ///
    /// In: scores `[B, K]`, or one row `[K]`, and labels `[B]`, each in `0..K`. Out: a scalar.
    ///
    /// # Panics
    /// If a label is not in `0..K`; the message names the row, the label and K.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[0.5, 0.0], [0.0, 4.0]]);
    /// assert_eq!(x.multi_margin_loss(&Tensor::from([0, 1])).item(), 0.125);
    /// ```
    #[track_caller]
    pub fn multi_margin_loss<L, D, H>(
        self,
        labels: &Tensor<L, i64, Graph<D, H>>,
    ) -> LossOfOne<(), Self, MultiMarginLoss>
    where
        LastAxisClasses: ClassAxis<S, Labels = L>,
    {
        MultiMarginLoss::new().mean(self, labels)
    }
}

of_batches! {
    multi_margin_loss(self, labels: L) -> LossOfOne<(), Self, MultiMarginLoss>,
    MultiMarginLoss::new(),
    where {
        LastAxisClasses: ClassAxis<S>,
        L: RowsOf<Self, Inner: Elements<<LastAxisClasses as ClassAxis<S>>::Labels, i64>>,
        <LastAxisClasses as ClassAxis<S>>::Labels: KeepsRows<S>,
    }
}
