//! Normalizations, in `f32` and in `f64`, against arithmetic of 106 bits.

use crate::support::double::Dd;
use crate::support::exact::{Exact, HALF, N, TERMS, largest, near, upstream};
use typegrad::prelude::*;

/// Normalizations of long rows, and of many rows: results, and the gradients with respect to the input, the weight and the bias.
macro_rules! normalizations {
    ($test:ident: $e:ty, of_each: $each:literal, of_sums: $sums:literal) => {
        #[test]
        fn $test() {
            for (name, term) in TERMS {
                let exact = Exact::of(term, N);
                let eps = Dd::from(1e-5);
                let variance = if name == "equal" { Dd::from(0.0) } else { exact.variance };
                let factor = Dd::from(1.0) / (variance + eps).sqrt();
                let normal = if name == "equal" { vec![Dd::from(0.0); N] } else { exact.centred(factor) };
                let want = exact.normalized_gradient(&normal, factor);
                let (dot, terms) = (exact.dot(&normal), exact.g.iter().zip(&normal).map(|(g, y)| (*g * *y).value().abs()).sum::<f64>());
                // The error that the rounding of a mean, and of a result that is not small, leaves.
                let mean = 1.0 + exact.mean.value().abs() * factor.value();
                let scale = largest(&want).max(factor.value()) * largest(&normal).max(1.0);
                let of_gradient = |_| scale;
                let sum = Dd::sum(exact.g.iter().copied());

                let row = || Tensor::<Rank2<1, N>, $e>::from_fn(|i| term(i).into());
                let g = || Tensor::<Rank2<1, N>, $e>::from_fn(|i| upstream(i).into());
                let x = Param::new(row());
                let norm = LayerNorm::<N, $e>::new(&mut Rng::seed(0));
                let y = norm.train(x.track());
                near(name, y.value().to_vec(), &normal, |y| y.value().abs() + 1e-9, $each);
                (y * g()).sum().backward();
                near(name, x.grad().unwrap().to_vec(), &want, of_gradient, $sums);
                let root = (Dd::sum(exact.x.iter().map(|x| *x * *x)) / Dd::from(exact.n) + eps).sqrt();
                let scaled: Vec<_> = exact.x.iter().map(|x| *x / root).collect();
                let y = RmsNorm::<N, $e>::new(&mut Rng::seed(0)).eps(1e-5).infer(row());
                near(name, y.to_vec(), &scaled, |y| y.value().abs(), $each);

                let columns = || Tensor::<Rank2<N, 2>, $e>::from_fn(|i| term(i / 2).into());
                let x = Param::new(columns());
                let norm = BatchNorm1d::<2, $e>::new(&mut Rng::seed(0));
                let y = norm.train(x.track());
                near(name, y.value().to_vec().into_iter().step_by(2), &normal, |y| mean + y.value().abs(), $each);
                (y * Tensor::<Rank2<N, 2>, $e>::from_fn(|i| upstream(i / 2).into())).sum().backward();
                near(name, x.grad().unwrap().to_vec().into_iter().step_by(2), &want, |y| of_gradient(y) * mean, $sums);
                near(name, norm.bias.grad().unwrap().to_vec(), &[sum], |_| 0.5 * exact.n, 160.0);
                near(name, norm.weight.grad().unwrap().to_vec(), &[dot], |_| mean * (terms + exact.n * 0.25), 160.0);

                let grouped = Tensor::<Rank3<2, 2, HALF>, $e>::from_fn(|i| term(i % N).into());
                let y = GroupNorm::<1, 2, $e>::new(&mut Rng::seed(0)).infer(grouped);
                near(name, y.to_vec(), &normal, |y| y.value().abs() + 1e-9, $each);
            }
        }
    };
}
normalizations!(normalizations_in_f32: f32, of_each: 6.0, of_sums: 160.0);
normalizations!(normalizations_in_f64: f64, of_each: 100.0, of_sums: 200.0);
