//! The mean of what batches of different sizes report.

use crate::options::Reported;

/// A mean over examples, from the means over batches: each counts as often as it has examples.
///
/// The mean of the means of batches of 32, 32 and 5 examples is not that of 69 examples; this is.
///
/// ```
/// use typegrad::metrics::Mean;
/// let mut loss = Mean::new();
/// loss.update(1.0, 32);
/// loss.update(4.0, 16);
/// assert_eq!((loss.value(), loss.count()), (2.0, 48));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    lost: f64,
    count: usize,
}

impl Mean {
    /// A metric of no examples yet.
    #[must_use]
    pub fn new() -> Self {
        Mean::default()
    }

    /// Adds the mean over `examples` examples.
    pub fn update(&mut self, mean: impl Reported, examples: usize) {
        let mean = mean.number();
        // The mean of an empty batch is NaN, and adds nothing.
        if examples > 0 {
            self.add(mean * examples as f64);
            self.count += examples;
        }
    }

    /// Neumaier's compensated sum, so that the order of batches does not matter.
    fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        if sum.is_finite() {
            self.lost += if self.sum.abs() >= x.abs() { self.sum - sum + x } else { x - sum + self.sum };
        }
        self.sum = sum;
    }

    pub(super) fn sum(&self) -> f64 {
        self.sum + self.lost
    }

    /// The mean over all examples; NaN if there were none.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.sum() / self.count as f64
    }

    /// The number of examples.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_batch_counts_by_its_real_rows() {
        let examples: Vec<f64> = (0..69).map(|i| f64::from(i * i) / 7.0).collect();
        let mut mean = Mean::new();
        for batch in examples.chunks(32) {
            mean.update(batch.iter().sum::<f64>() / batch.len() as f64, batch.len());
        }
        mean.update(f64::NAN, 0);
        assert!((mean.value() - examples.iter().sum::<f64>() / 69.0).abs() < 1e-12);
        assert!(Mean::new().value().is_nan());
    }

    #[test]
    fn small_terms_beside_large_ones_are_kept() {
        let mut mean = Mean::new();
        for x in [1e16, 1.0, 1.0, -1e16] {
            mean.update(x, 1);
        }
        assert_eq!(mean.value(), 0.5);
        mean.update(f64::INFINITY, 1);
        assert_eq!(mean.value(), f64::INFINITY);
    }
}
