//! Accuracy.

use crate::graph::{Context, Flow, Graph};
use crate::shape::{Axis, Shape};
use crate::tensor::{Elements, MaybePadded, PaddedBatch, RowsOf, Tensor};

impl<S: Shape, C, F> Tensor<S, i64, Graph<C, F>> {
    /// The share of the elements that are equal to those of `labels`; NaN if there are none.
    ///
    /// In: twice any shape. Out: a number from 0 to 1. In PyTorch `(predicted == labels).float().mean()`. The label -100, which
    /// losses ignore, counts as wrong; [`ConfusionMatrix`](crate::metrics::ConfusionMatrix) does not count it.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let predicted = Tensor::from([[0.1, 0.9], [0.8, 0.2]]).argmax_axis::<-1>();
    /// assert_eq!(predicted.accuracy(&Tensor::from([1, 1])), 0.5);
    /// ```
    #[must_use]
    pub fn accuracy<D, H>(&self, labels: &Tensor<S, i64, Graph<D, H>>) -> f64 {
        share_of_equal(self.as_slice(), labels.as_slice())
    }
}

impl<S, C, F> PaddedBatch<Tensor<S, i64, Graph<C, F>>>
where
    S: Axis<0>,
    C: Context,
    F: Flow<S, i64>,
{
    /// The [`accuracy`](Tensor::accuracy) of the real rows.
    ///
    /// ```
    /// use typegrad::data::{Batch, Dataset};
    /// use typegrad::metrics::Mean;
    /// use typegrad::prelude::*;
    /// let net = Linear::<2, 2>::new(&mut Rng::seed(0));
    /// let mut accuracy = Mean::new();
    /// for Batch { data: (x, y), rows, .. } in vec![([1.0_f32, 2.0], 1_i64); 5].batches::<2>().in_order() {
    ///     accuracy.update(net.infer(x).argmax_axis::<-1>().accuracy(&y), rows.len());
    /// }
    /// assert!(accuracy.value() == 0.0 || accuracy.value() == 1.0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn accuracy<L>(&self, labels: L) -> f64
    where
        L: RowsOf<Self, Inner: Elements<S, i64>>,
    {
        let (predicted, rows) = self.counted();
        share_of_equal(predicted, labels.into_inner(rows).elements())
    }
}

/// Tensors whose elements are classes. No tensor of floats is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "accuracy is of predicted classes, which are integers, and these elements are `{E}`",
    label = "not classes",
    note = "write `scores.argmax_axis::<-1>().accuracy(&labels)`; of binary scores `scores.gt(0.0).to::<i64>()`"
)]
pub trait Classes<E> {}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> Tensor<S, f32, G> {
    pub fn accuracy<L, R>(&mut self, _: L) -> R where Self: Classes<f32> { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> PaddedBatch<Tensor<S, f32, G>> {
    pub fn accuracy<L, R>(&mut self, _: L) -> R where Self: Classes<f32> { unreachable!() }
}

/// The share of the predicted classes that are equal to the labels; NaN if there are none. scikit-learn's `accuracy_score`.
///
/// In: two slices of one length, such as those of [`TensorRows`](crate::data::TensorRows).
///
/// ```
/// assert_eq!(typegrad::metrics::accuracy(&[0, 1, 1], &[0, 0, 1]), 2.0 / 3.0);
/// ```
///
/// # Panics
/// If the lengths differ.
#[must_use]
#[track_caller]
pub fn accuracy(predicted: &[i64], labels: &[i64]) -> f64 {
    super::same_length("accuracy", predicted.len(), labels.len());
    share_of_equal(predicted, labels)
}

/// The share of the first elements that are equal; there may be more of `b`.
fn share_of_equal(a: &[i64], b: &[i64]) -> f64 {
    a.iter().zip(b).filter(|(a, b)| a == b).count() as f64 / a.len() as f64
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn accuracy_is_the_share_of_equal_labels() {
        let x = Tensor::from([3, 1, 2, 2]);
        assert_eq!(x.accuracy(&Tensor::from([3, 1, 2, 0])), 0.75);
        assert!(Tensor::<Rank1<0>, i64>::zeros().accuracy(&Tensor::zeros()).is_nan());
    }
}
