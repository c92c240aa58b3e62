//! l = -w[label] x[label] for rows x of logarithms of probabilities, and dl/dx = -w at the label.

use super::Unweighted;
use super::classes::{ClassAxis, ClassLoss, ClassesAt, LastAxisClasses, ScoresFor};
use super::local_gradients::{LocalGradients, backward};
use super::reductions::{of_batches, reductions};
use super::results::LossOfOne;
use super::takes::{AlongClasses, KindOf, LogProbabilities, Two};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::{Reduce, check_labels, picked};
use crate::ops::{Predicted, Unary};
use crate::shape::{Dim, Law, Shape};
use crate::tensor::{Elements, KeepsRows, MaybePadded, RowsOf, Tensor};
use std::marker::PhantomData;

backward!(for NllLoss<W, A>: NllLossBackward of nll_loss);

/// The negative log-likelihood of labels, from the logarithms of probabilities. PyTorch's `torch.nn.NLLLoss`.
///
/// For scores, which are not yet logarithms of probabilities, [`CrossEntropyLoss`](super::CrossEntropyLoss) computes the
/// log-softmax and this loss together.
///
/// In: x `[B, K]` or `[K]`, and labels `[B]` or a scalar. Out: a scalar, or the shape of the labels.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[-1.0, -2.0], [-3.0, -4.0]]);
/// let criterion = NllLoss::new().weight(Tensor::from([1.0, 3.0]));
/// assert_eq!(criterion.none(x.clone(), &Tensor::from([0, 1])), Tensor::from([1.0, 12.0]));
/// assert_eq!(criterion.mean(x, &Tensor::from([0, 1])).item(), 3.25); // over the weights, 1 + 3
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NllLoss<W = Unweighted, A = LastAxisClasses> {
    weight: W,
    ignore_index: i64,
    axis: PhantomData<fn() -> A>,
}

impl Default for NllLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl<W, A> ClassLoss for NllLoss<W, A> {
    type Axis = A;
    type Weight = W;
    fn weight(&self) -> &W {
        &self.weight
    }
}

impl NllLoss {
    /// The loss without weights; the label -100 is ignored.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `NllLoss::new().weight(w).ignore_index(-1)`
        NllLoss { weight: Unweighted, ignore_index: -100, axis: PhantomData }
    }
}

impl<W, A> NllLoss<W, A> {
    /// Sets a factor for each class. The mean is divided by the sum of the factors of its rows.
    #[must_use]
    pub fn weight<K: Dim, E: Float>(self, weight: Tensor<(K,), E>) -> NllLoss<Tensor<(K,), E>, A> {
        NllLoss { weight, ignore_index: self.ignore_index, axis: PhantomData }
    }

    /// Sets the label of a row that does not count.
    #[must_use]
    pub fn ignore_index(self, ignore_index: i64) -> Self {
        NllLoss { ignore_index, ..self }
    }

    /// Sets the axis of the classes, if the input is not rows.
    #[must_use]
    pub fn axis<const I: isize>(self) -> NllLoss<W, ClassesAt<I>> {
        NllLoss { weight: self.weight, ignore_index: self.ignore_index, axis: PhantomData }
    }

    reductions! {
        (labels: L) -> LossOfOne, EachOfOne [],
        takes { let () = LogProbabilities::<KindOf<X>>::HOLDS; Two::<KindOf<X>, <X as ScoresFor<Self>>::Classes>::HOLDS },
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
    ) -> Unary<S, E, C, F, T, NllLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        L: Shape,
    {
        let (x, flow) = x.into_waiting();
        let (ignored, labels) = (self.ignore_index, labels.elements());
        let real = &labels[..reduce.rows.part(labels.len())];
        check_labels("nll_loss", real, along.size, Some(ignored));
        let weight = weights(self);
        let weight = |label: usize| weight.map_or(E::one(), |w| w[label % w.len()]);
        let reduce = reduce.over(|| {
            let counted = real.iter().filter(|label| **label != ignored);
            counted.map(|label| weight(*label as usize).as_f64()).sum()
        });
        let scale: E = reduce.scale();
        let (value, x) = picked(x, labels, Some(ignored), along, F::TRACKED, reduce, |label, x| {
            [-x * weight(label), -weight(label) * scale]
        });
        Tensor::from_parts(
            value,
            Waiting::into_inner(flow).then(|| NllLossBackward(LocalGradients::of(x, along))),
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
    /// The mean of -x\[label\] over rows of logarithms of probabilities. PyTorch's `torch.nn.functional.nll_loss`.
    /// [`NllLoss`] has the weights of classes, `ignore_index`, the axis of the classes and the other reductions.
    ///
    /// In: rows `[B, K]`, or one row `[K]`, of logarithms, not of a softmax, which does not build; and labels `[B]`, each in `0..K`, or -100 for a row that does not count.
    /// Out: a scalar.
    ///
    /// # Panics
    /// If a label is neither in `0..K` nor -100; the message names the row, the label and K.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[-1.0, -2.0], [-3.0, -4.0]]);
    /// assert_eq!(x.nll_loss(&Tensor::from([0, 1])).item(), 2.5);
    /// ```
    #[track_caller]
    pub fn nll_loss<L, D, H>(self, labels: &Tensor<L, i64, Graph<D, H>>) -> LossOfOne<(), Self, NllLoss>
    where
        LastAxisClasses: ClassAxis<S, Labels = L>,
    {
        let () = LogProbabilities::<F::Kind>::HOLDS;
        let () = AlongClasses::<F::Kind, S, LastAxisClasses>::HOLDS;
        let () = Two::<F::Kind, <LastAxisClasses as ClassAxis<S>>::Classes>::HOLDS;
        NllLoss::new().mean_of(self, labels)
    }
}

of_batches! {
    nll_loss(self, labels: L) -> LossOfOne<(), Self, NllLoss>,
    NllLoss::new(),
    takes {
        let () = LogProbabilities::<F::Kind>::HOLDS;
        let () = AlongClasses::<F::Kind, S, LastAxisClasses>::HOLDS;
        Two::<F::Kind, <LastAxisClasses as ClassAxis<S>>::Classes>::HOLDS
    },
    where {
        LastAxisClasses: ClassAxis<S>,
        L: RowsOf<Self, Inner: Elements<<LastAxisClasses as ClassAxis<S>>::Labels, i64>>,
        <LastAxisClasses as ClassAxis<S>>::Labels: KeepsRows<S>,
    }
}
