//! The area under the ROC curve: how often a positive example has a higher score than a negative one.

use crate::element::Float;
use crate::tensor::{Elements, MaybePadded, RowsOf};

/// The area under the ROC curve of a binary classification, over batches; exact, from all scores. scikit-learn's `roc_auc_score`.
///
/// It is the share of the pairs of a positive and a negative example in which the positive one has the higher score;
/// equal scores count half.
///
/// ```
/// use typegrad::metrics::Auroc;
/// use typegrad::prelude::*;
/// let mut auroc = Auroc::new();
/// auroc.update(&Tensor::from([0.1, 0.4, 0.35, 0.8]), &Tensor::from([0, 0, 1, 1]));
/// assert_eq!(auroc.value(), 0.75);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Auroc {
    scores: Vec<(f64, bool)>,
}

impl Auroc {
    /// A metric of no examples yet.
    #[must_use]
    pub fn new() -> Self {
        Auroc::default()
    }

    /// Adds scores, of which only the order counts, and labels, 1 or 0; of batches with padding, their
    /// real rows.
    ///
    /// # Panics
    /// If a label is neither 0 nor 1, or a score is NaN, which has no position in the order.
    #[track_caller]
    pub fn update<X, L>(&mut self, scores: &X, labels: L)
    where
        X: MaybePadded<Element: Float>,
        L: RowsOf<X, Inner: Elements<X::Shape, i64>>,
    {
        let (scores, rows) = scores.counted();
        let labels = labels.into_inner(rows);
        self.add(scores, &labels.elements()[..scores.len()]);
    }

    /// The same from slices of one length.
    ///
    /// # Panics
    /// If the lengths differ, a label is neither 0 nor 1, or a score is NaN.
    #[track_caller]
    pub fn update_slices<E: Float>(&mut self, scores: &[E], labels: &[i64]) {
        super::same_length("auroc", scores.len(), labels.len());
        self.add(scores, labels);
    }

    #[track_caller]
    fn add<E: Float>(&mut self, scores: &[E], labels: &[i64]) {
        for (row, (score, label)) in scores.iter().zip(labels).enumerate() {
            assert!(*label == 0 || *label == 1, "auroc: the label of row {row} is {label}, not 0 or 1");
            assert!(!score.as_f64().is_nan(), "auroc: the score of row {row} is NaN");
        }
        let pairs = scores.iter().zip(labels);
        self.scores.extend(pairs.map(|(score, label)| (score.as_f64(), *label == 1)));
    }

    /// The area under the curve, from 0 to 1; 0.5 is chance level. NaN if all labels are equal.
    #[must_use]
    pub fn value(&self) -> f64 {
        let mut sorted = self.scores.clone();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Twice the number of pairs that are in order, so that a half is an integer.
        let (mut ordered, mut negatives, mut positives) = (0_u128, 0_u128, 0_u128);
        for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
            let yes = tied.iter().filter(|example| example.1).count() as u128;
            let no = tied.len() as u128 - yes;
            ordered += yes * (2 * negatives + no);
            negatives += no;
            positives += yes;
        }
        ordered as f64 / (2 * negatives * positives) as f64
    }
}
