//! Normalizations, in `f32` and in `f64`, against arithmetic of 106 bits.

use crate::support::double::Dd;
use crate::support::exact::{Exact, HALF, N, TERMS, lanes, largest, near, upstream};
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

/// Unit vectors along an axis, of which the tensor has `inner` next to each other, and their gradients.
macro_rules! unit_vectors {
    ($test:ident: $e:ty, $shape:ty, $inner:literal, $n:expr, $axis:literal, of_each: $each:literal) => {
        #[test]
        fn $test() {
            for (name, term) in TERMS {
                let exact = Exact::of(term, $n);
                let along = |i: usize| i / $inner % $n;
                let x = || Tensor::<$shape, $e>::from_fn(|i| term(along(i)).into());
                let lane = |y: Vec<$e>| lanes(&y, $n, $inner);
                let unit = exact.unit();
                near(name, lane(x().normalize::<$axis>().to_vec()), &unit, |y| y.value().abs(), $each);
                let dot = exact.dot(&unit);
                let want: Vec<_> = unit.iter().zip(&exact.g).map(|(y, g)| (*g - *y * dot) / exact.norm).collect();
                let p = Param::new(x());
                let g = Tensor::<$shape, $e>::from_fn(|i| upstream(along(i)).into());
                (p.track().normalize::<$axis>() * g).sum().backward();
                let terms: f64 = exact.g.iter().zip(&unit).map(|(g, y)| (*g * *y).value().abs()).sum();
                let scale = (0.5 + terms * largest(&unit)) / exact.norm.value();
                near(name, lane(p.grad().unwrap().to_vec()), &want, |_| scale, 150.0);
            }
        }
    };
}
unit_vectors!(unit_vectors_along_the_last_axis_in_f32: f32, Rank1<N>, 1, N, -1, of_each: 4.0);
unit_vectors!(unit_vectors_along_a_middle_axis_in_f32: f32, Rank3<2, HALF, 3>, 3, HALF, 1, of_each: 4.0);
unit_vectors!(unit_vectors_along_the_first_axis_in_f32: f32, Rank2<HALF, 2>, 2, HALF, 0, of_each: 4.0);
unit_vectors!(unit_vectors_along_the_last_axis_in_f64: f64, Rank1<N>, 1, N, -1, of_each: 102.0);
unit_vectors!(unit_vectors_along_a_middle_axis_in_f64: f64, Rank3<2, HALF, 3>, 3, HALF, 1, of_each: 102.0);
unit_vectors!(unit_vectors_along_the_first_axis_in_f64: f64, Rank2<HALF, 2>, 2, HALF, 0, of_each: 102.0);
