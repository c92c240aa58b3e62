//! Statistics of the columns of a table: means, standard deviations, minima and maxima, class counts.

use super::{TensorDataset, TensorRows};
use crate::element::{Element, Float};
use crate::kernel::loss::check_labels;
use crate::shape::{Const, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S: Shape, E: Float> TensorRows<S, E> {
    /// The mean of each column: of each element over all rows. NaN if there are no rows. pandas' `df.mean()`, PyTorch's
    /// `x.mean(0)`.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let rows = TensorRows::<Rank1<2>>::try_from(vec![1.0, 10.0, 2.0, 20.0, 6.0, 60.0])?;
    /// assert_eq!(rows.mean(), Tensor::from([3.0, 30.0]));
    /// assert_eq!(rows.min(), Tensor::from([1.0, 10.0]));
    /// assert_eq!(rows.max(), Tensor::from([6.0, 60.0]));
    /// let scaled = rows.standardize(&rows.mean(), &rows.std_with(0.0));
    /// assert!(scaled.mean().abs().sum().item() < 1e-6);
    /// # Ok::<(), typegrad::data::WrongLength>(())
    /// ```
    pub fn mean(&self) -> Tensor<S, E> {
        let means = self.means();
        Tensor::constant(Storage::from_fn(S::NUMEL, |column| E::from_f64(means[column])))
    }

    /// The standard deviation of each column, with Bessel's correction. pandas' `df.std()`, PyTorch's `x.std(0)`.
    pub fn std(&self) -> Tensor<S, E> {
        self.std_with(1.0)
    }

    /// The standard deviation of each column: √(Σ (x - mean)² / (N - `correction`)). That of scikit-learn's `StandardScaler` has
    /// the correction 0.
    pub fn std_with(&self, correction: f64) -> Tensor<S, E> {
        let means = self.means();
        let squares = self.sums(|x, column| (x - means[column]).powi(2));
        let freedom = (self.len() as f64 - correction).max(0.0);
        let deviation = |i: usize| {
            let column = || (0..self.len()).map(|row| self.row(row)[i].as_f64() - means[i]);
            let largest =
                if squares[i].is_normal() { 1.0 } else { column().fold(0.0, |y: f64, x| y.max(x.abs())) };
            if largest == 1.0 || largest == 0.0 || !largest.is_finite() {
                return (squares[i] / freedom).sqrt();
            }
            // The squares left the range: those of the differences divided by the largest one do not.
            largest * (column().map(|x| (x / largest).powi(2)).sum::<f64>() / freedom).sqrt()
        };
        Tensor::constant(Storage::from_fn(S::NUMEL, |i| E::from_f64(deviation(i))))
    }

    /// The minimum of each column, NaN if it has one; infinity if there are no rows. pandas' `df.min()`.
    pub fn min(&self) -> Tensor<S, E> {
        self.best_of_columns(E::infinity(), |a, b| a < b)
    }

    /// The maximum of each column, NaN if it has one; -infinity if there are no rows. pandas' `df.max()`.
    pub fn max(&self) -> Tensor<S, E> {
        self.best_of_columns(E::neg_infinity(), |a, b| a > b)
    }

    /// The rows with (x - `mean`) / `std` in each column; where `std` is 0, x - `mean`. scikit-learn's `StandardScaler`.
    ///
    /// Use the mean and the standard deviation of the training set for all datasets: `test.standardize(&train.mean(), &train.std())`.
    #[must_use]
    pub fn standardize(&self, mean: &Tensor<S, E>, std: &Tensor<S, E>) -> Self {
        let (mean, std) = (mean.as_slice(), std.as_slice());
        let one = |i: usize| {
            let column = i % S::NUMEL;
            let scale = if std[column] == E::zero() { E::one() } else { std[column] };
            (self.as_slice()[i] - mean[column]) / scale
        };
        TensorRows::new(Storage::from_fn(self.as_slice().len(), one), self.len())
    }

    /// The mean of the values of each column that are not NaN, NaN if there is none. pandas' `df.mean()`, PyTorch's
    /// `x.nanmean(0)`.
    pub fn nanmean(&self) -> Tensor<S, E> {
        let sums = self.sums(|x, _| if x.is_nan() { 0.0 } else { x });
        let counts = self.sums(|x, _| if x.is_nan() { 0.0 } else { 1.0 });
        Tensor::constant(Storage::from_fn(S::NUMEL, |column| E::from_f64(sums[column] / counts[column])))
    }

    /// The rows with the value of its column in place of each NaN. pandas' `df.fillna(values)`, scikit-learn's `SimpleImputer`.
    ///
    /// Use the values of the training set for all datasets. [`Missing::Nan`](super::Missing::Nan) reads missing values as NaN.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let train = TensorRows::<Rank1<2>>::try_from(vec![1.0, f32::NAN, 3.0, 20.0])?;
    /// let test = TensorRows::<Rank1<2>>::try_from(vec![f32::NAN, 5.0])?;
    /// let means = train.nanmean();
    /// assert_eq!(train.fillna(&means).as_slice(), [1.0, 20.0, 3.0, 20.0]);
    /// assert_eq!(test.fillna(&means).as_slice(), [2.0, 5.0]);
    /// # Ok::<(), typegrad::data::WrongLength>(())
    /// ```
    #[must_use]
    pub fn fillna(&self, values: &Tensor<S, E>) -> Self {
        let values = values.as_slice();
        let one = |i: usize| match self.as_slice()[i] {
            x if x.is_nan() => values[i % S::NUMEL],
            x => x,
        };
        TensorRows::new(Storage::from_fn(self.as_slice().len(), one), self.len())
    }

    fn means(&self) -> Vec<f64> {
        let rows = self.len() as f64;
        let rough: Vec<f64> = self.sums(|x, _| x).into_iter().map(|sum| sum / rows).collect();
        // The mean of the differences is the rounding error; with an infinity there is none.
        let rest = self.sums(|x, column| x - rough[column]);
        let exact = |(mean, rest): (&f64, f64)| if mean.is_finite() { mean + rest / rows } else { *mean };
        rough.iter().zip(rest).map(exact).collect()
    }

    fn sums(&self, of: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; S::NUMEL];
        for row in 0..self.len() {
            for (column, x) in self.row(row).iter().enumerate() {
                sums[column] += of(x.as_f64(), column);
            }
        }
        sums
    }

    fn best_of_columns(&self, start: E, is_better: impl Fn(E, E) -> bool) -> Tensor<S, E> {
        let mut best = vec![start; S::NUMEL];
        for row in 0..self.len() {
            for (best, x) in best.iter_mut().zip(self.row(row)) {
                if x.is_nan() || is_better(*x, *best) {
                    *best = *x;
                }
            }
        }
        Tensor::constant(Storage::from_slice(&best))
    }
}

impl<S: Shape, E: Float, T: Shape, L: Element> TensorDataset<S, E, T, L> {
    /// The dataset with the inputs that [`TensorRows::standardize`] gives.
    #[must_use]
    pub fn standardize(&self, mean: &Tensor<S, E>, std: &Tensor<S, E>) -> Self {
        self.with_inputs(self.inputs().standardize(mean, std))
    }

    /// The dataset with the inputs that [`TensorRows::fillna`] gives.
    #[must_use]
    pub fn fillna(&self, values: &Tensor<S, E>) -> Self {
        self.with_inputs(self.inputs().fillna(values))
    }
}

impl TensorRows<(), i64> {
    /// The number of rows of each class. PyTorch's `bincount`, NumPy's `bincount`.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let labels = TensorRows::from(Tensor::from([0, 2, 2, 1, 2]));
    /// assert_eq!(labels.class_counts::<4>(), [1, 1, 3, 0]);
    /// ```
    ///
    /// # Panics
    /// If a label is not in `0..K`; the message names its row.
    #[must_use]
    #[track_caller]
    pub fn class_counts<const K: usize>(&self) -> [usize; K] {
        check_labels("class counts", self.as_slice(), K, None);
        let mut counts = [0; K];
        self.as_slice().iter().for_each(|label| counts[*label as usize] += 1);
        counts
    }

    /// The weights with which all classes count equally in a loss: N / (K n), where n of the N rows are of the class.
    /// scikit-learn's `compute_class_weight("balanced")`.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let labels = TensorRows::from(Tensor::from([0, 0, 0, 1]));
    /// let loss = CrossEntropyLoss::new().weight(labels.class_weights::<2, f32>()); // [2/3, 2]
    /// let scores = Tensor::from([[2.0, 0.0], [0.0, 2.0]]);
    /// assert!(loss.mean(scores, &Tensor::from([0, 1])).item() > 0.0);
    /// ```
    ///
    /// # Panics
    /// If a label is not in `0..K`, or a class has no row.
    #[track_caller]
    pub fn class_weights<const K: usize, E: Float>(&self) -> Tensor<(Const<K>,), E> {
        let counts = self.class_counts::<K>();
        let none = counts.iter().position(|count| *count == 0);
        assert!(none.is_none(), "class weights: no row is of class {}", none.unwrap_or(0));
        let weight = |class: usize| self.len() as f64 / (K as f64 * counts[class] as f64);
        Tensor::constant(Storage::from_fn(K, |class| E::from_f64(weight(class))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    fn close<S: Shape, E: Float>(got: &Tensor<S, E>, want: &Tensor<S, E>, tolerance: f64) {
        for (got, want) in got.as_slice().iter().zip(want.as_slice()) {
            assert!((got.as_f64() - want.as_f64()).abs() <= tolerance * want.as_f64().abs(), "{got} {want}");
        }
    }

    #[test]
    fn statistics_are_those_of_the_tensor_of_all_rows() {
        fn check<E: Float>(tolerance: f64) {
            let mut rng = Rng::seed(1);
            let x = Tensor::<Rank3<57, 2, 3>, E>::from_fn(|_| E::from_f64(5.0 + rng.normal()));
            let rows = TensorRows::from(x.clone());
            close(&rows.mean(), &x.clone().mean_axis::<0>(), tolerance);
            close(&rows.std(), &x.clone().std_axis::<0>(), tolerance);
            close(&rows.std_with(0.0), &x.clone().std_axis_with::<0>(0), tolerance);
            assert_eq!(rows.min(), x.clone().amin_axis::<0>());
            assert_eq!(rows.max(), x.amax_axis::<0>());
        }
        check::<f32>(1e-6);
        check::<f64>(1e-14);
    }

    // torch.tensor([[1., 2, 1], [inf, 3, -inf], [5, nan, inf]]).mean(0), and .std(0) of numbers whose squares are infinite.
    #[test]
    fn infinities_and_large_numbers_have_the_statistics_of_the_tensor() {
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        let rows = TensorRows::from(Tensor::from([[1.0, 2.0, 1.0], [inf, 3.0, -inf], [5.0, nan, inf]]));
        assert_eq!(rows.mean().as_slice()[0], inf);
        assert!(rows.mean().as_slice()[1..].iter().chain(rows.std().as_slice()).all(|x| x.is_nan()));
        for scale in [1e200, 1e-200] {
            let rows = TensorRows::from(Tensor::from([[scale, 3.0 * scale], [3.0 * scale, 3.0 * scale]]));
            close(&rows.std(), &Tensor::from([2.0_f64.sqrt() * scale, 0.0]), 1e-15);
        }
    }

    #[test]
    fn standardized_columns_have_mean_0_and_deviation_1() {
        let rows = TensorRows::<Rank1<3>, f64>::try_from(vec![1.0, 7.0, -4.0, 2.0, 7.0, 0.5, 9.0, 7.0, 3.0])
            .unwrap();
        let scaled = rows.standardize(&rows.mean(), &rows.std());
        close(&scaled.std(), &Tensor::from([1.0, 0.0, 1.0]), 1e-12);
        assert!(scaled.mean().abs().amax().item() < 1e-15);
        assert_eq!([0, 1, 2].map(|i| scaled.row(i)[1]), [0.0; 3]);
    }

    #[test]
    fn missing_values_become_the_mean_of_the_rest() {
        let mut rng = Rng::seed(2);
        let x = Tensor::<Rank2<40, 3>, f64>::from_fn(|_| match rng.uniform() {
            u if u < 0.2 => f64::NAN,
            u => u,
        });
        let rows = TensorRows::from(x.clone());
        close(&rows.nanmean(), &x.clone().nanmean_axis::<0>(), 1e-14);
        let filled = rows.fillna(&rows.nanmean());
        assert!(x.isnan().any().item() && !filled.as_slice().iter().any(|x| x.is_nan()));
        close(&filled.mean(), &rows.nanmean(), 1e-14);
        let empty = TensorRows::<Rank1<1>>::try_from(vec![f32::NAN]).unwrap();
        assert!(empty.nanmean().as_slice()[0].is_nan() && empty.fillna(&empty.nanmean()).row(0)[0].is_nan());
    }

    #[test]
    fn statistics_of_nan_and_of_no_rows() {
        let rows = TensorRows::<Rank1<2>>::try_from(vec![1.0, 2.0, f32::NAN, 3.0, 5.0, 1.0]).unwrap();
        assert!([rows.mean(), rows.min(), rows.max(), rows.std()].iter().all(|x| x.as_slice()[0].is_nan()));
        assert_eq!((rows.min().as_slice()[1], rows.max().as_slice()[1]), (1.0, 3.0));
        let none = TensorRows::<Rank1<2>>::try_from(vec![]).unwrap();
        assert!(none.mean().as_slice()[0].is_nan() && none.std().as_slice()[0].is_nan());
        let one = TensorRows::<Rank1<1>>::try_from(vec![1.0]).unwrap();
        assert!(one.std().item_at_0().is_nan() && one.std_with(0.0).item_at_0() == 0.0);
    }

    impl Tensor<Rank1<1>> {
        fn item_at_0(&self) -> f32 {
            self.as_slice()[0]
        }
    }

    #[test]
    fn all_classes_count_the_same() {
        let labels = TensorRows::from(Tensor::from([2, 0, 2, 2, 1, 1]));
        assert_eq!(labels.class_counts::<3>(), [1, 2, 3]);
        assert_eq!(labels.class_weights::<3, f64>(), Tensor::from([2.0, 1.0, 2.0 / 3.0]));
    }

    #[test]
    #[should_panic(expected = "class counts: the label of row 1 is 3, but there are 3 classes, 0..3")]
    fn a_label_is_one_of_the_classes() {
        let _ = TensorRows::from(Tensor::from([0, 3])).class_counts::<3>();
    }

    #[test]
    #[should_panic(expected = "class weights: no row is of class 1")]
    fn a_class_without_rows_has_no_weight() {
        let _ = TensorRows::from(Tensor::from([0, 2])).class_weights::<3, f32>();
    }
}
