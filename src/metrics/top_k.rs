//! Top-k accuracy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::check_labels;
use crate::shape::{Const, Dim, Law, Message};
use crate::tensor::{Elements, MaybePadded, PaddedBatch, RowsOf, Tensor};

/// As many classes are looked at as there are, or fewer.
struct AmongClasses<const K: usize, const N: usize>;

impl<const K: usize, const N: usize> Law for AmongClasses<K, N> {
    const WRONG: Option<Message> = if K >= 1 && K <= N {
        None
    } else {
        Some(Message::new().text("top-k accuracy takes a K from 1 to the number of classes"))
    };
}

impl<B: Dim, const N: usize, E: Float, C, F> Tensor<(B, Const<N>), E, Graph<C, F>> {
    /// The share of the rows whose label is among the `K` highest scores; NaN if there are no rows.
    /// torchmetrics' `accuracy(top_k=K)`.
    ///
    /// Of equal scores the first counts as the higher one, and NaN as the highest, as in
    /// [`topk`](Tensor::topk).
    ///
    /// In: scores `[B, N]`, and labels `[B]`. Out: a number from 0 to 1.
    ///
    /// # Panics
    /// If a label is not in `0..N`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[0.1, 0.5, 0.4], [0.2, 0.2, 0.6]]);
    /// assert_eq!(scores.topk_accuracy::<2, _, _>(&Tensor::from([2, 1])), 0.5);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn topk_accuracy<const K: usize, D, H>(&self, labels: &Tensor<(B,), i64, Graph<D, H>>) -> f64 {
        let () = AmongClasses::<K, N>::HOLDS;
        share_of_top::<K, N, E>(self.as_slice(), labels.as_slice())
    }
}

impl<B, const N: usize, E, C, F> PaddedBatch<Tensor<(B, Const<N>), E, Graph<C, F>>>
where
    B: Dim,
    E: Float,
    C: Context,
    F: Flow<(B, Const<N>), E>,
{
    /// The [`topk_accuracy`](Tensor::topk_accuracy) of the real rows.
    #[must_use]
    #[track_caller]
    pub fn topk_accuracy<const K: usize, L>(&self, labels: L) -> f64
    where
        L: RowsOf<Self, Inner: Elements<(B,), i64>>,
    {
        let () = AmongClasses::<K, N>::HOLDS;
        let (scores, rows) = self.counted();
        share_of_top::<K, N, E>(scores, &labels.into_inner(rows).elements()[..rows.part(B::SIZE)])
    }
}

/// The share of the labels that are among the K highest of their row of N scores.
#[track_caller]
fn share_of_top<const K: usize, const N: usize, E: Float>(scores: &[E], labels: &[i64]) -> f64 {
    check_labels("topk_accuracy", labels, N, None);
    let right = scores.chunks_exact(N.max(1)).zip(labels).filter(|(row, label)| {
        let label = **label as usize;
        let own = row[label];
        let before = row.iter().enumerate().filter(|(k, score)| {
            let higher = if own.is_nan() { false } else { **score > own || score.is_nan() };
            let equal = **score == own || own.is_nan() && score.is_nan();
            higher || equal && *k < label
        });
        before.count() < K
    });
    right.count() as f64 / labels.len() as f64
}
