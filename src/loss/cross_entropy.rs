//! l = -Σ q ln softmax(x) along the classes, and dl/dx = softmax(x) Σ q - q, where q is one-hot(label) or a
//! distribution t, times the weights of the classes; dl/dt = -w ln softmax(x).
//!
//! But for a factor, the gradient does not depend on later operations, so the forward pass computes it from the same
//! exponentials. It is the only buffer that is saved.

use super::Unweighted;
use super::classes::{
    ClassAxis, ClassLoss, ClassTarget, Classes, ClassesAt, LastAxisClasses, RowsOfScores, ScoresFor,
};
use super::local_gradients::{LocalGradients, Other, backward};
use super::reductions::{of_batches, reductions};
use super::results::{LossOfClasses, LossOfLabels};
use super::takes::{KindOf, Scores, Two};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::cross_entropy::{self as kernel, CrossEntropy};
use crate::kernel::loss::{Reduce, check_labels};
use crate::ops::Predicted;
use crate::shape::{Axis, Dim, HasAxis, Law, Shape};
use crate::tensor::{KeepsRows, MaybePadded, PaddedBatch, RowsOf, Tensor};
use std::marker::PhantomData;

backward!(for CrossEntropyLoss<W, A>: CrossEntropyBackward of cross_entropy);

/// The cross entropy of scores and labels or probabilities. PyTorch's `torch.nn.CrossEntropyLoss`.
///
/// The target is integer labels `[B]`, or probabilities of the shape of the scores, a constant or
/// tracked. The classes are the columns of rows `[B, K]`, or at the axis that [`axis`](Self::axis) says.
///
/// ```
/// use typegrad::prelude::*;
/// let scores = Tensor::from([[0.0_f64, 0.0], [0.0, 0.0], [9.0, 9.0]]);
/// let criterion = CrossEntropyLoss::new().weight(Tensor::from([1.0, 3.0])).ignore_index(7);
/// let each = criterion.none(scores.clone(), &Tensor::from([0, 1, 7]));
/// assert_eq!(each, Tensor::from([1.0, 3.0, 0.0]) * 2.0_f64.ln());
/// // The mean is over the weights of the rows, 1 + 3.
/// assert_eq!(criterion.mean(scores, &Tensor::from([0, 1, 7])).item(), 2.0_f64.ln());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CrossEntropyLoss<W = Unweighted, A = LastAxisClasses> {
    weight: W,
    ignore_index: i64,
    label_smoothing: f64,
    axis: PhantomData<fn() -> A>,
}

impl Default for CrossEntropyLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl<W, A> ClassLoss for CrossEntropyLoss<W, A> {
    type Axis = A;
    type Weight = W;
    fn weight(&self) -> &W {
        &self.weight
    }
}

impl CrossEntropyLoss {
    /// The loss without weights and smoothing; the label -100 is ignored.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `CrossEntropyLoss::new().weight(w).label_smoothing(0.1)`
        CrossEntropyLoss { weight: Unweighted, ignore_index: -100, label_smoothing: 0.0, axis: PhantomData }
    }
}

impl<W, A> CrossEntropyLoss<W, A> {
    /// Sets a factor for each class. The mean over labels is divided by the sum of the factors of its rows.
    #[must_use]
    pub fn weight<K: Dim, E: Float>(self, weight: Tensor<(K,), E>) -> CrossEntropyLoss<Tensor<(K,), E>, A> {
        let CrossEntropyLoss { ignore_index, label_smoothing, axis, .. } = self;
        CrossEntropyLoss { weight, ignore_index, label_smoothing, axis }
    }

    /// Sets the label of a row that does not count.
    #[must_use]
    pub fn ignore_index(self, ignore_index: i64) -> Self {
        CrossEntropyLoss { ignore_index, ..self }
    }

    /// Sets the share of the target that is spread evenly over the classes.
    ///
    /// # Panics
    /// If it is not from 0 to 1.
    #[must_use]
    #[track_caller]
    pub fn label_smoothing(self, label_smoothing: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&label_smoothing),
            "label_smoothing must be between 0.0 and 1.0, got {label_smoothing}"
        );
        CrossEntropyLoss { label_smoothing, ..self }
    }

    /// Sets the axis of the classes, if the scores are not rows: -1 for sequences `[B, T, K]`, 1 for images
    /// `[B, K, H, W]`. PyTorch always takes 1.
    #[must_use]
    pub fn axis<const I: isize>(self) -> CrossEntropyLoss<W, ClassesAt<I>> {
        self.at()
    }

    fn at<B>(self) -> CrossEntropyLoss<W, B> {
        let CrossEntropyLoss { weight, ignore_index, label_smoothing, .. } = self;
        CrossEntropyLoss { weight, ignore_index, label_smoothing, axis: PhantomData }
    }

    reductions! {
        (target: R) -> LossOfClasses, EachRow [R],
        takes {
            let () = Scores::<KindOf<X>>::HOLDS;
            Two::<KindOf<X>, <X as ScoresFor<Self>>::Classes>::HOLDS
        },
        of scores [MaybePadded<Element: Predicted> + ScoresFor<Self, Weight = <X as MaybePadded>::Element>],
        where {
            R: RowsOf<X, Inner: ClassTarget<X::Context, X::Shape, X::Labels, X::Element>>,
        }
    }

    /// The divisor of the mean depends on the target, so `reduce` has none yet.
    #[track_caller]
    fn run<T, S, E, C, F, L, R>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        target: R,
        along: AxisLayout,
        weights: fn(&Self) -> Option<&[E]>,
        reduce: Reduce,
    ) -> Tensor<T, E, Graph<C::Or<R::Context>, F::Join<T, S, R::Flow, CrossEntropyBackward<E>>>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        L: Shape,
        R: ClassTarget<C, S, L, E>,
    {
        let (x, flow) = x.into_waiting();
        let options = CrossEntropy {
            weight: weights(self),
            smoothing: E::from_f64(self.label_smoothing),
            ignored: self.ignore_index,
        };
        let (target, rhs) = target.into_target();
        let (value, x, other) = match target {
            Classes::Labels(labels) => {
                let labels = labels.as_slice();
                // All labels are checked before any element is computed.
                let real = &labels[..reduce.rows.part(labels.len())];
                check_labels("cross_entropy", real, along.size, Some(self.ignore_index));
                let reduce = reduce.over(|| options.count(real));
                let (value, x) = E::cross_entropy_of_labels(x, labels, along, options, F::TRACKED, reduce);
                (value, x, None)
            }
            Classes::Probabilities(target) => {
                assert!(self.ignore_index < 0, "ignore_index is not supported for floating point target");
                let rows = reduce.rows.part(along.outer * along.inner);
                let reduce = reduce.over(|| if along.size == 0 { f64::NAN } else { rows as f64 });
                let needs_grad = (F::TRACKED, <R::Flow as Flow<S, E>>::TRACKED);
                kernel::cross_entropy_of_probabilities(x, &target, along, options, needs_grad, reduce)
            }
        };
        let other = other.map_or(Other::None, Other::Own);
        let flow =
            Waiting::into_inner(flow).join(rhs, || CrossEntropyBackward(LocalGradients { x, other, along }));
        Tensor::from_parts(value, flow)
    }
}

/// The classes of rows of scores.
type RowClasses<X, S> = <<X as RowsOfScores<S>>::Axis as ClassAxis<S>>::Classes;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of -ln softmax(x)\[label\] over the rows: the loss of a classifier, from its scores. PyTorch's
    /// `torch.nn.functional.cross_entropy`. [`CrossEntropyLoss`] has the weights of classes, `label_smoothing`,
    /// `ignore_index` and the other reductions.
    ///
    /// In: scores `[B, K]` without a softmax, which is part of the loss: a softmax before it does not build; and labels `[B]`, each in `0..K`, or -100 for a row
    /// that does not count, or probabilities of the shape of the scores. Out: a scalar; NaN if no row counts.
    ///
    /// # Panics
    /// If a label is neither in `0..K` nor -100; the message names the row, the label and K.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[0.0_f64, 0.0], [1000.0, 0.0]]);
    /// let loss = scores.clone().cross_entropy(&Tensor::from([1, 0]));
    /// assert!((loss.item() - 0.5 * 2.0_f64.ln()).abs() < 1e-15);
    /// let soft = scores.cross_entropy(&Tensor::from([[0.5, 0.5], [1.0, 0.0]]));
    /// assert!((soft.item() - loss.item()).abs() < 1e-15);
    /// ```
    #[track_caller]
    pub fn cross_entropy<R>(
        self, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        target: R,
    ) -> LossOfClasses<(), Self, R, CrossEntropyLoss<Unweighted, <Self as RowsOfScores<S>>::Axis>>
    where
        Self: RowsOfScores<S>,
        R: ClassTarget<C, S, <<Self as RowsOfScores<S>>::Axis as ClassAxis<S>>::Labels, E>,
    {
        let () = Scores::<F::Kind>::HOLDS;
        let () = Two::<F::Kind, RowClasses<Self, S>>::HOLDS;
        CrossEntropyLoss::new().at::<<Self as RowsOfScores<S>>::Axis>().mean_of(self, target)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The [`cross_entropy`](Tensor::cross_entropy) of scores whose classes are at the axis `I`: -1 for sequences
    /// `[B, T, K]` with labels `[B, T]`, 1 for images `[B, K, H, W]` with labels `[B, H, W]`, as in PyTorch.
    ///
    /// In: `S`; and labels of `S` without the axis `I`, or probabilities `S`. Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither a class nor -100.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::<Rank3<2, 5, 3>>::zeros();
    /// let labels = Tensor::<Rank2<2, 5>, i64>::ones();
    /// assert!((scores.cross_entropy_axis::<-1, _>(&labels).item() - 3.0_f32.ln()).abs() < 1e-6);
    /// ```
    // rustc shows the next line where a generic argument is missing.
    #[track_caller]
    #[rustfmt::skip]
    pub fn cross_entropy_axis<const I: isize, R>( // `x.cross_entropy_axis::<-1, _>(&labels)`
        self, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        target: R,
    ) -> LossOfLabels<(), Self, R, S::RemovedAxis, CrossEntropyLoss>
    where
        S: Axis<I>,
        R: ClassTarget<C, S, S::RemovedAxis, E>,
    {
        let () = Scores::<F::Kind>::HOLDS;
        let () = Two::<F::Kind, <S as Axis<I>>::Dim>::HOLDS;
        CrossEntropyLoss::new().axis::<I>().mean_of(self, target)
    }
}

of_batches! {
    cross_entropy(
        self, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        target: R
    ) -> LossOfClasses<(), Self, R, CrossEntropyLoss<Unweighted, <Self as RowsOfScores<S>>::Axis>>,
    CrossEntropyLoss::new().at::<<Self as RowsOfScores<S>>::Axis>(),
    takes {
        let () = Scores::<F::Kind>::HOLDS;
        Two::<F::Kind, RowClasses<Self, S>>::HOLDS
    },
    where {
        Self: RowsOfScores<S>,
        R: RowsOf<Self, Inner: ClassTarget<C, S, <<Self as RowsOfScores<S>>::Axis as ClassAxis<S>>::Labels, E>>,
        <<Self as RowsOfScores<S>>::Axis as ClassAxis<S>>::Labels: KeepsRows<S>,
    }
}

impl<S, E, C, F> PaddedBatch<Tensor<S, E, Graph<C, F>>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The [`cross_entropy_axis`](Tensor::cross_entropy_axis) of the real rows.
    #[track_caller]
    pub fn cross_entropy_axis<const I: isize, R>(
        self, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        target: R,
    ) -> LossOfLabels<(), Self, R, <S as HasAxis<I>>::RemovedAxis, CrossEntropyLoss>
    where
        S: Axis<I>,
        R: RowsOf<Self, Inner: ClassTarget<C, S, <S as HasAxis<I>>::RemovedAxis, E>>,
        <S as HasAxis<I>>::RemovedAxis: KeepsRows<S>,
    {
        let () = Scores::<F::Kind>::HOLDS;
        let () = Two::<F::Kind, <S as Axis<I>>::Dim>::HOLDS;
        CrossEntropyLoss::new().axis::<I>().mean_of(self, target)
    }
}
