//! Mixup: convex combinations of two examples and of their labels.

use super::{Collate, Dataset, map_random};
use crate::element::Float;
use crate::rng::Rng;
use crate::shape::{Const, InsertAxis};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The dataset of [`mixup`](Dataset::mixup).
#[derive(Clone, Debug)]
pub struct Mixup<D, const K: usize> {
    dataset: D,
    alpha: f64,
}

impl<D, const K: usize> Mixup<D, K> {
    #[track_caller]
    pub(super) fn new(dataset: D, alpha: f64) -> Self {
        assert!(
            0.0 < alpha && alpha < f64::INFINITY,
            "mixup: alpha must be positive and finite, got {alpha:?}"
        );
        Mixup { dataset, alpha }
    }
}

/// Examples that can be mixed: an input with its class, `(Tensor<S>, i64)` or `(Tensor<S>, Tensor<()>)`, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "examples of type `{Self}` cannot be mixed",
    label = "not an input with its class, which `map` makes of it",
    note = "an example is an input and its class, `(Tensor<S>, i64)`, or a `Result` of it"
)]
pub trait Mix: Sized {
    /// The mixed example, with the probabilities of `K` classes.
    type Mixed<const K: usize>: Collate;
    #[doc(hidden)]
    fn mix<const K: usize>(self, other: Self, share: f64) -> Self::Mixed<K>;
}

/// The class of an example: `i64` or `Tensor<(), i64>`.
#[diagnostic::on_unimplemented(
    message = "the class of an example that is mixed is an `i64`, not `{Self}`",
    label = "the target of an example is not a class",
    note = "`map` makes it one: `data.map(|(x, y)| (x, i64::from(y.item() > 0.5)))`"
)]
pub trait Class {
    #[doc(hidden)]
    fn class(self) -> i64;
}

impl Class for i64 {
    fn class(self) -> i64 {
        self
    }
}

impl Class for Tensor<(), i64> {
    fn class(self) -> i64 {
        self.item()
    }
}

impl<S: InsertAxis<0>, E: Float, L: Class> Mix for (Tensor<S, E>, L) {
    type Mixed<const K: usize> = (Tensor<S, E>, Tensor<(Const<K>,), E>);
    fn mix<const K: usize>(self, other: Self, share: f64) -> Self::Mixed<K> {
        let [a, b] = [share, 1.0 - share].map(E::from_f64);
        let (x, z) = (self.0.as_slice(), other.0.as_slice());
        let mixed = Storage::from_fn(S::NUMEL, |i| a * x[i] + b * z[i]);
        let mut classes = Storage::filled(K, E::zero());
        for (label, share) in [(self.1.class(), a), (other.1.class(), b)] {
            let class = usize::try_from(label).ok().and_then(|class| classes.make_mut().get_mut(class));
            let Some(class) = class else {
                panic!("mixup: the label {label} is out of range: there are {K} classes, 0..{K}")
            };
            *class += share;
        }
        (Tensor::constant(mixed), Tensor::constant(classes))
    }
}

impl<T: Mix, E> Mix for Result<T, E> {
    type Mixed<const K: usize> = Result<T::Mixed<K>, E>;
    fn mix<const K: usize>(self, other: Self, share: f64) -> Self::Mixed<K> {
        Ok(self?.mix(other?, share))
    }
}

impl<D: Dataset<Example: Mix>, const K: usize> Dataset for Mixup<D, K> {
    type Example = <D::Example as Mix>::Mixed<K>;
    fn len(&self) -> usize {
        self.dataset.len()
    }
    fn get(&self, index: usize) -> Self::Example {
        self.get_in_epoch(index, 0)
    }
    fn get_in_epoch(&self, index: usize, seed: u64) -> Self::Example {
        let mut rng = map_random::generator(seed, index);
        let other = rng.below(self.dataset.len());
        let share = beta(self.alpha, &mut rng);
        let inner = map_random::inner(seed);
        let [x, z] = [index, other].map(|index| self.dataset.get_in_epoch(index, inner));
        x.mix(z, share)
    }
}

/// A draw from the Beta distribution with both parameters `alpha`.
fn beta(alpha: f64, rng: &mut Rng) -> f64 {
    if alpha > 1.0 {
        let (a, b) = (gamma(alpha, rng), gamma(alpha, rng));
        return a / (a + b);
    }
    // Jöhnk 1964: of points below the curve x + y = 1 with x = u^(1/α), in logarithms, because small x are rounded to 0.
    loop {
        let [x, y] = [(); 2].map(|()| libm::log(1.0 - rng.uniform()) / alpha);
        let largest = x.max(y);
        let sum = largest + libm::log(libm::exp(x - largest) + libm::exp(y - largest));
        if sum <= 0.0 {
            return libm::exp(x - sum);
        }
    }
}

/// A draw from the Gamma distribution, where `alpha` is at least 1 (Marsaglia, Tsang 2000).
fn gamma(alpha: f64, rng: &mut Rng) -> f64 {
    let d = alpha - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = rng.normal();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && libm::log(1.0 - rng.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TensorDataset;
    use crate::prelude::*;

    /// The variance of Beta(α, α) is 1 / (4 (2α + 1)), and its fourth central moment follows.
    #[test]
    fn shares_have_the_moments_of_the_beta_distribution() {
        let mut rng = Rng::seed(0);
        for alpha in [0.01, 0.2, 0.5, 1.0, 1.5, 4.0] {
            let n = 50_000;
            let draws: Vec<f64> = (0..n).map(|_| beta(alpha, &mut rng)).collect();
            assert!(draws.iter().all(|x| (0.0..=1.0).contains(x)));
            let moment = |k| draws.iter().map(|x| (x - 0.5_f64).powi(k)).sum::<f64>() / f64::from(n);
            let variance = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            // Five standard errors.
            assert!(moment(1).abs() < 5.0 * (variance / f64::from(n)).sqrt(), "{alpha}");
            let fourth = 3.0 / (16.0 * (2.0 * alpha + 1.0) * (2.0 * alpha + 3.0));
            let error = ((fourth - variance * variance) / f64::from(n)).sqrt();
            assert!((moment(2) - variance).abs() < 5.0 * error, "{alpha}: {} {variance}", moment(2));
        }
    }

    #[test]
    fn inputs_and_classes_are_mixed_alike() {
        let x = Tensor::<Rank2<3, 2>, f64>::from([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]);
        let data = TensorDataset::new(x, Tensor::from([0, 1, 2])).mixup::<3>(0.4);
        let mut mixed = 0;
        for seed in 0..50 {
            for index in 0..3 {
                let (x, y) = data.get_in_epoch(index, seed);
                assert_eq!(x.as_slice(), &y.as_slice()[..2]);
                assert!((y.clone().sum().item() - 1.0).abs() < 1e-15);
                mixed += usize::from(y.as_slice()[index] < 1.0);
                assert_eq!(data.get_in_epoch(index, seed), (x, y));
            }
        }
        assert!((70..130).contains(&mixed), "{mixed}: two of three partners are others");
    }

    #[test]
    fn examples_may_have_a_number_as_class_and_be_results() {
        let x = Tensor::<Rank2<4, 3>>::randn(&mut Rng::seed(0));
        let data = TensorDataset::new(x, Tensor::from([0, 1, 1, 0]));
        let numbers = data.clone().map(|(x, y)| (x, y.item())).mixup::<2>(0.4);
        let results =
            data.clone().map(|(x, y)| if y.item() == 0 { Ok((x, 0)) } else { Err(y) }).mixup::<2>(0.4);
        let data = data.mixup::<2>(0.4);
        let mut failed = 0;
        for (index, seed) in (0..40).map(|i| (i % 4, 7 + i as u64)) {
            let expected = data.get_in_epoch(index, seed);
            assert_eq!(numbers.get_in_epoch(index, seed), expected);
            match results.get_in_epoch(index, seed) {
                Ok(mixed) => assert_eq!(mixed, expected),
                Err(y) => failed += usize::from(y.item() == 1),
            }
        }
        assert!((20..40).contains(&failed), "{failed}: half of the first and half of the others");
    }

    #[test]
    #[should_panic(expected = "mixup: the label 2 is out of range: there are 2 classes, 0..2")]
    fn a_label_is_one_of_the_classes() {
        let x = Tensor::<Rank2<1, 2>>::zeros();
        let _ = TensorDataset::new(x, Tensor::from([2])).mixup::<2>(1.0).get(0);
    }
}
