//! Metrics of regression: MAE, MSE, RMSE, R².

use super::Mean;
use crate::element::Float;
use crate::tensor::{Elements, MaybePadded, RowsOf};

/// The errors of a regression, over batches. scikit-learn's `mean_absolute_error`, `mean_squared_error`,
/// `root_mean_squared_error` and `r2_score`, each over all elements.
///
/// ```
/// use typegrad::metrics::Regression;
/// use typegrad::prelude::*;
/// let mut errors = Regression::new();
/// errors.update(&Tensor::from([2.5, 0.0]), &Tensor::from([3.0, -0.5]));
/// errors.update(&Tensor::from([2.0, 8.0]), &Tensor::from([2.0, 7.0]));
/// assert_eq!((errors.mae(), errors.mse()), (0.5, 0.375));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regression {
    absolute: Mean,
    squared: Mean,
    /// The mean of the targets, and the sum of the squares of their distances from it.
    mean: f64,
    spread: f64,
}

impl Regression {
    /// A metric of no examples yet.
    #[must_use]
    pub fn new() -> Self {
        Regression::default()
    }

    /// Adds predictions and targets, element-wise; of batches with padding, their real rows.
    #[track_caller]
    pub fn update<X, R>(&mut self, predicted: &X, target: R)
    where
        X: MaybePadded<Element: Float>,
        R: RowsOf<X, Inner: Elements<X::Shape, X::Element>>,
    {
        let (predicted, rows) = predicted.counted();
        let target = target.into_inner(rows);
        self.add(predicted, target.elements());
    }

    /// The same from slices of one length.
    ///
    /// ```
    /// use typegrad::metrics::Regression;
    /// let mut errors = Regression::new();
    /// errors.update_slices(&[2.5, 0.0], &[3.0, -0.5]);
    /// assert_eq!(errors.mae(), 0.5);
    /// ```
    ///
    /// # Panics
    /// If the lengths differ.
    #[track_caller]
    pub fn update_slices<E: Float>(&mut self, predicted: &[E], targets: &[E]) {
        super::same_length("regression", predicted.len(), targets.len());
        self.add(predicted, targets);
    }

    fn add<E: Float>(&mut self, predicted: &[E], targets: &[E]) {
        for (x, t) in predicted.iter().zip(targets) {
            let (x, t) = (x.as_f64(), t.as_f64());
            self.absolute.update((x - t).abs(), 1);
            self.squared.update((x - t) * (x - t), 1);
            // Welford's algorithm, which does not cancel where the targets are far from 0.
            let off = t - self.mean;
            self.mean += off / self.count() as f64;
            self.spread += off * (t - self.mean);
        }
    }

    /// The number of elements.
    #[must_use]
    pub fn count(&self) -> usize {
        self.squared.count()
    }

    /// The mean absolute error; NaN without elements.
    #[must_use]
    pub fn mae(&self) -> f64 {
        self.absolute.value()
    }

    /// The mean squared error; NaN without elements.
    #[must_use]
    pub fn mse(&self) -> f64 {
        self.squared.value()
    }

    /// The root of the mean squared error; NaN without elements.
    #[must_use]
    pub fn rmse(&self) -> f64 {
        self.mse().sqrt()
    }

    /// The share of the variance of the targets that is explained: 1 is perfect, 0 is as good as predicting their mean, and
    /// less is worse. Where all targets are equal, it is 1 if all predictions are right and 0 if not, as in
    /// scikit-learn; NaN with fewer than two elements.
    #[must_use]
    pub fn r2(&self) -> f64 {
        let residual = self.squared.sum();
        if self.count() < 2 {
            f64::NAN
        } else if self.spread == 0.0 && residual == 0.0 {
            1.0
        } else if self.spread == 0.0 {
            0.0
        } else {
            1.0 - residual / self.spread
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Tensor;

    // a = [3, -.5, 2, 7]; b = [2.5, 0, 2, 8]; mean_absolute_error(a, b), mean_squared_error(a, b),
    // root_mean_squared_error(a, b), r2_score(a, b) of scikit-learn 1.9.1.
    #[test]
    fn the_errors_are_those_of_scikit_learn() {
        let mut errors = Regression::new();
        errors.update(&Tensor::from([2.5, 0.0, 2.0]), &Tensor::from([3.0, -0.5, 2.0]));
        errors.update(&Tensor::from([8.0]), &Tensor::from([7.0]));
        assert_eq!((errors.mae(), errors.mse(), errors.count()), (0.5, 0.375, 4));
        assert!((errors.rmse() - 0.6123724356957945).abs() < 1e-15);
        assert!((errors.r2() - 0.9486081370449679).abs() < 1e-15);
    }

    // r2_score([2, 2], [2, 2]), r2_score([2, 2], [1, 2]); of one element it is NaN, with a warning.
    #[test]
    fn equal_targets_are_explained_or_not() {
        let t = Tensor::from([2.0, 2.0]);
        let r2 = |x| {
            let mut errors = Regression::new();
            errors.update(&x, &t);
            errors.r2()
        };
        assert_eq!((r2(t.clone()), r2(Tensor::from([1.0, 2.0]))), (1.0, 0.0));
        let mut errors = Regression::new();
        assert!(errors.mae().is_nan() && errors.rmse().is_nan() && errors.r2().is_nan());
        errors.update(&Tensor::from([2.0]), &Tensor::from([1.0]));
        assert!(errors.r2().is_nan());
    }
}
