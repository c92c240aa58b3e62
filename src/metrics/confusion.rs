//! The confusion matrix, and metrics computed from it.

use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::{RealRows, check_labels};
use crate::shape::Shape;
use crate::tensor::{Elements, MaybePadded, PaddedBatch, RowsOf, Tensor};
use std::fmt;

/// The label that does not count: PyTorch's default `ignore_index`.
const IGNORED: i64 = -100;

/// The confusion matrix, accumulated over batches: a row for each true class, a column for each
/// predicted one. scikit-learn's `confusion_matrix`.
///
/// ```
/// use typegrad::metrics::{Average, ConfusionMatrix};
/// use typegrad::prelude::*;
/// let mut confusion = ConfusionMatrix::<2>::new();
/// confusion.update(&Tensor::from([0, 1, 1]), &Tensor::from([0, 0, 1]));
/// assert_eq!(confusion.counts(), &[[1, 1], [0, 1]]);
/// assert_eq!((confusion.precision(1), confusion.recall(1)), (0.5, 1.0));
/// assert_eq!(confusion.f1_average(Average::Macro), 2.0 / 3.0);
/// assert_eq!(confusion.to_string(), "true \\ predicted  0  1\n               0  1  1\n               1  0  1\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix<const K: usize> {
    counts: Vec<[usize; K]>,
}

/// The average over classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// The mean over the classes; a class without examples has 0.
    Macro,
    /// Over all examples: precision, recall and F1 then equal the accuracy.
    Micro,
    /// The mean over the classes, weighted by their numbers of examples.
    Weighted,
}

#[track_caller]
fn check_class(class: usize, classes: usize) {
    assert!(
        class < classes,
        "confusion matrix: class {class} is out of range: it has {classes} classes, 0..{classes}"
    );
}

/// 0 where there is nothing to divide by, as in scikit-learn.
fn ratio(a: usize, b: usize) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}

/// Classes for a confusion matrix: a tensor of indices, or a batch of one. The shape of the labels is a type of this trait, so that it
/// is not a second error where these are scores.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a confusion matrix counts predicted classes, which are integers, and this is `{Self}`",
    label = "not classes",
    note = "of scores write `confusion.update(&scores.argmax_axis::<-1>(), &labels)`; of binary scores `scores.gt(0.0).to::<i64>()`"
)]
pub trait PredictedClasses {
    type Classes;
    /// Those of the real rows.
    fn classes(&self) -> (&[i64], RealRows);
}

#[diagnostic::do_not_recommend]
impl<S: Shape, C: Context, F: Flow<S, i64>> PredictedClasses for Tensor<S, i64, Graph<C, F>> {
    type Classes = S;
    fn classes(&self) -> (&[i64], RealRows) {
        self.counted()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, C: Context, F: Flow<S, i64>> PredictedClasses for PaddedBatch<Tensor<S, i64, Graph<C, F>>> {
    type Classes = S;
    fn classes(&self) -> (&[i64], RealRows) {
        self.counted()
    }
}

impl<const K: usize> Default for ConfusionMatrix<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const K: usize> ConfusionMatrix<K> {
    /// A metric of no examples yet.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // the number of classes is a parameter of the type: `ConfusionMatrix::<10>::new()`
        ConfusionMatrix { counts: vec![[0; K]; K] }
    }

    /// Adds predicted and true classes, element-wise, in this order: `confusion.update(&predicted, &labels)`; of batches with
    /// padding, their real rows. The label -100, which `cross_entropy` ignores, is not counted. scikit-learn's
    /// `confusion_matrix(labels, predicted)` has the other order. Both are classes, so the compiler cannot see the order: swapped,
    /// rows and columns of the counts are exchanged, and with them precision and recall.
    ///
    /// ```
    /// use typegrad::data::{Batch, Dataset};
    /// use typegrad::metrics::ConfusionMatrix;
    /// use typegrad::prelude::*;
    ///
    /// let test = vec![([0.0_f32, 1.0], 1_i64), ([1.0, 0.0], 0), ([2.0, 1.0], 1)].batches::<2>();
    /// let mut confusion = ConfusionMatrix::<2>::new();
    /// for Batch { data: (scores, labels), .. } in test.in_order() {
    ///     let predicted = scores.argmax_axis::<-1>();
    ///     confusion.update(&predicted, &labels);
    /// }
    /// assert_eq!(confusion.counts(), &[[1, 0], [1, 1]]);
    /// ```
    ///
    /// # Panics
    /// If one is not in `0..K`; the message names the row, the label and K.
    #[track_caller]
    pub fn update<X, L>(&mut self, predicted: &X, labels: L)
    where
        X: PredictedClasses,
        L: RowsOf<X, Inner: Elements<X::Classes, i64>>,
    {
        let (predicted, rows) = predicted.classes();
        let labels = labels.into_inner(rows);
        self.add(predicted, &labels.elements()[..predicted.len()]);
    }

    /// The same from slices of one length.
    ///
    /// # Panics
    /// If the lengths differ, or a class is not in `0..K`.
    #[track_caller]
    pub fn update_slices(&mut self, predicted: &[i64], labels: &[i64]) {
        super::same_length("confusion matrix", predicted.len(), labels.len());
        self.add(predicted, labels);
    }

    #[track_caller]
    fn add(&mut self, predicted: &[i64], labels: &[i64]) {
        check_labels("confusion matrix", labels, K, Some(IGNORED));
        check_labels("confusion matrix, predicted", predicted, K, None);
        for (predicted, label) in predicted.iter().zip(labels).filter(|(_, label)| **label != IGNORED) {
            self.counts[*label as usize][*predicted as usize] += 1;
        }
    }

    /// The counts: `counts()[t][p]` examples of class t were taken for class p.
    #[must_use]
    pub fn counts(&self) -> &[[usize; K]] {
        &self.counts
    }

    /// The number of examples.
    #[must_use]
    pub fn count(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    fn right(&self, class: usize) -> usize {
        self.counts[class][class]
    }

    fn predicted(&self, class: usize) -> usize {
        self.counts.iter().map(|row| row[class]).sum()
    }

    /// The number of examples of a class: scikit-learn's support.
    ///
    /// # Panics
    /// If the class does not exist; the same holds for the other methods that take one.
    #[must_use]
    #[track_caller]
    pub fn support(&self, class: usize) -> usize {
        check_class(class, K);
        self.counts[class].iter().sum()
    }

    /// The share of all examples that are predicted correctly; NaN if there are none.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        (0..K).map(|class| self.right(class)).sum::<usize>() as f64 / self.count() as f64
    }

    /// The share of the predictions of this class that are correct; 0 if there are none.
    #[must_use]
    #[track_caller]
    pub fn precision(&self, class: usize) -> f64 {
        check_class(class, K);
        ratio(self.right(class), self.predicted(class))
    }

    /// The share of the examples of this class that are predicted as it; 0 if there are none.
    #[must_use]
    #[track_caller]
    pub fn recall(&self, class: usize) -> f64 {
        check_class(class, K);
        ratio(self.right(class), self.support(class))
    }

    /// The harmonic mean of precision and recall; 0 if the class was neither seen nor predicted.
    #[must_use]
    #[track_caller]
    pub fn f1(&self, class: usize) -> f64 {
        check_class(class, K);
        ratio(2 * self.right(class), self.predicted(class) + self.support(class))
    }

    /// The precision of all classes as one number; NaN if there are no examples.
    #[must_use]
    pub fn precision_average(&self, average: Average) -> f64 {
        self.average(average, |class| self.precision(class))
    }

    /// The recall of all classes as one number; NaN if there are no examples.
    #[must_use]
    pub fn recall_average(&self, average: Average) -> f64 {
        self.average(average, |class| self.recall(class))
    }

    /// The F1 of all classes as one number; NaN if there are no examples.
    #[must_use]
    pub fn f1_average(&self, average: Average) -> f64 {
        self.average(average, |class| self.f1(class))
    }

    fn average(&self, average: Average, of: impl Fn(usize) -> f64) -> f64 {
        let count = self.count() as f64;
        match average {
            _ if count == 0.0 => f64::NAN,
            Average::Macro => (0..K).map(of).sum::<f64>() / K as f64,
            // Each mistake is a false positive of one class and a false negative of another.
            Average::Micro => self.accuracy(),
            Average::Weighted => {
                (0..K).map(|class| of(class) * self.support(class) as f64).sum::<f64>() / count
            }
        }
    }
}

impl<const K: usize> fmt::Display for ConfusionMatrix<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEAD: &str = "true \\ predicted";
        let largest = self.counts.iter().flatten().copied().max().unwrap_or(0).max(K.saturating_sub(1));
        let width = largest.to_string().len() + 2;
        write!(f, "{HEAD}")?;
        (0..K).try_for_each(|class| write!(f, "{class:>width$}"))?;
        writeln!(f)?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "{class:>side$}", side = HEAD.len())?;
            row.iter().try_for_each(|count| write!(f, "{count:>width$}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Tensor;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-15, "{got} {want}");
    }

    // y = [0, 1, 2, 2, 1, 0, 2, 1]; p = [0, 2, 2, 2, 1, 1, 2, 0] in scikit-learn 1.9.1:
    // confusion_matrix(y, p), accuracy_score(y, p), precision_score(y, p, average=..), and so on.
    #[test]
    fn the_scores_are_those_of_scikit_learn() {
        let mut c = ConfusionMatrix::<3>::new();
        c.update(&Tensor::from([0, 2, 2, 2, 1]), &Tensor::from([0, 1, 2, 2, 1]));
        c.update(&Tensor::from([1, 2, 0]), &Tensor::from([0, 2, 1]));
        assert_eq!(c.counts(), &[[1, 1, 0], [1, 1, 1], [0, 0, 3]]);
        assert_eq!((c.count(), c.accuracy()), (8, 0.625));
        assert_eq!([0, 1, 2].map(|k| c.precision(k)), [0.5, 0.5, 0.75]);
        assert_eq!([0, 1, 2].map(|k| c.recall(k)), [0.5, 1.0 / 3.0, 1.0]);
        assert_eq!([0, 1, 2].map(|k| c.f1(k)), [0.5, 0.4, 6.0 / 7.0]);
        close(c.precision_average(Average::Macro), 0.5833333333333334);
        close(c.recall_average(Average::Macro), 0.611111111111111);
        close(c.f1_average(Average::Macro), 0.5857142857142857);
        close(c.precision_average(Average::Weighted), 0.59375);
        close(c.recall_average(Average::Weighted), 0.625);
        close(c.f1_average(Average::Weighted), 0.5964285714285714);
        for micro in [c.precision_average(Average::Micro), c.recall_average(Average::Micro)] {
            assert_eq!(micro, 0.625);
        }
    }

    #[test]
    fn slices_count_as_tensors() {
        let (mut a, mut b) = (ConfusionMatrix::<3>::new(), ConfusionMatrix::<3>::new());
        a.update(&Tensor::from([0, 2, 2, 1]), &Tensor::from([0, 1, -100, 1]));
        b.update_slices(&[0, 2], &[0, 1]);
        b.update_slices(&[2, 1], &[-100, 1]);
        assert_eq!(a, b);
    }

    #[test]
    #[should_panic(expected = "confusion matrix: 2 predictions, but 1 targets")]
    fn slices_are_equally_long() {
        ConfusionMatrix::<3>::new().update_slices(&[0, 1], &[0]);
    }

    // y = [0, 0, 1]; p = [0, 1, 1]; precision_score(y, p, labels=[0, 1, 2], zero_division=0, average=..).
    #[test]
    fn a_class_without_examples_counts_as_zero_in_the_macro_average() {
        let mut c = ConfusionMatrix::<3>::new();
        c.update(&Tensor::from([0, 1, 1]), &Tensor::from([0, 0, 1]));
        assert_eq!((c.precision(2), c.recall(2), c.f1(2)), (0.0, 0.0, 0.0));
        close(c.precision_average(Average::Macro), 0.5);
        close(c.f1_average(Average::Macro), 0.4444444444444444);
        close(c.precision_average(Average::Weighted), 0.8333333333333334);
        close(c.f1_average(Average::Weighted), 0.6666666666666666);
    }

    #[test]
    fn averages_of_no_examples_are_nan() {
        let c = ConfusionMatrix::<3>::new();
        assert!(c.accuracy().is_nan() && c.f1_average(Average::Macro).is_nan());
    }

    #[test]
    #[should_panic(expected = "confusion matrix: the label of row 1 is -1, but there are 2 classes, 0..2")]
    fn a_label_out_of_range_panics() {
        ConfusionMatrix::<2>::new().update(&Tensor::from([0, 1]), &Tensor::from([0, -1]));
    }
}
