//! Examples that are drawn with weights.

use crate::rng::Rng;
use std::collections::BTreeMap;

/// The weights of the examples of an epoch.
pub(super) struct Weights {
    /// The sum of the weights up to each example, with its own.
    sums: Vec<f64>,
    num_samples: usize,
}

impl Weights {
    #[track_caller]
    pub(super) fn new(weights: &[f64], num_samples: usize) -> Self {
        let bad = weights.iter().position(|weight| !(0.0..f64::INFINITY).contains(weight));
        if let Some(index) = bad {
            panic!("the weight {:?} of example {index} is negative or not finite", weights[index]);
        }
        let mut sum = 0.0;
        let sums: Vec<_> = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        assert!(0.0 < sum && sum < f64::INFINITY, "the sum of the weights is {sum:?}");
        Weights { sums, num_samples }
    }

    pub(super) fn num_samples(&self) -> usize {
        self.num_samples
    }

    /// The examples of an epoch.
    pub(super) fn draw(&self, rng: &mut Rng) -> Vec<usize> {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let mut one = || loop {
            let at = rng.uniform() * total;
            let index = self.sums.partition_point(|sum| *sum <= at);
            // The product may be rounded up to the sum of all.
            if index < self.sums.len() {
                return index;
            }
        };
        (0..self.num_samples).map(|_| one()).collect()
    }
}

/// Weights with which all classes are drawn equally often. scikit-learn's `compute_sample_weight("balanced", labels)`.
///
/// The weight of an example is N / (K n), for N examples, K classes and n examples of its class.
///
/// ```
/// use typegrad::data::balanced_weights;
/// assert_eq!(balanced_weights(&["rose", "iris", "rose", "rose"]), [2.0 / 3.0, 2.0, 2.0 / 3.0, 2.0 / 3.0]);
/// ```
#[must_use]
pub fn balanced_weights<L: Ord>(labels: &[L]) -> Vec<f64> {
    let mut counts = BTreeMap::new();
    labels.iter().for_each(|label| *counts.entry(label).or_insert(0) += 1);
    let (all, classes) = (labels.len() as f64, counts.len() as f64);
    labels.iter().map(|label| all / (classes * f64::from(counts[label]))).collect()
}
