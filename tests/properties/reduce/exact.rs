//! Long reductions, in `f32` and in `f64`, against arithmetic of 106 bits: values and gradients, for each position of the axis.

use crate::support::double::Dd;
use crate::support::exact::{Exact, HALF, N, TERMS, lanes, largest, near, upstream};
use typegrad::prelude::*;

/// All forms of a lane, of which the tensor has `inner` next to each other, one element apart.
macro_rules! reductions {
    ($test:ident: $e:ty, $shape:ty, $inner:literal, $n:expr, $axis:literal, statistics: $statistics:expr) => {
        #[test]
        fn $test() {
            for (name, term) in TERMS {
                let exact = Exact::of(term, $n);
                let log = (($n as f64) / 2048.0).log2().max(0.0);
                let equal = name == "equal";
                let along = |i: usize| i / $inner % $n;
                let x = || Tensor::<$shape, $e>::from_fn(|i| term(along(i)).into());
                let g = || Tensor::<$shape, $e>::from_fn(|i| upstream(along(i)).into());
                let lane = |y: Vec<$e>| lanes(&y, $n, $inner);
                let by = |f: &dyn Fn(&Param<$shape, $e>) -> $e| {
                    let p = Param::new(x());
                    f(&p);
                    lane(p.grad().unwrap().to_vec())
                };
                let one = |y: Dd| [y];

                near(name, x().sum_axis::<$axis>().to_vec(), &one(exact.sum), |_| exact.magnitude, 128.0);
                let scale = exact.magnitude / exact.n;
                near(name, x().mean_axis::<$axis>().to_vec(), &one(exact.mean), |_| scale, 129.0);
                let (variance, deviation) = (exact.variance, exact.variance.sqrt());
                let zero = Dd::from(0.0);
                let want = if equal { [zero, zero] } else { [variance, deviation] };
                near(name, x().var_axis_with::<$axis>(0).to_vec(), &want[..1], |y| y.value(), $statistics);
                near(name, x().std_axis_with::<$axis>(0).to_vec(), &want[1..], |y| y.value(), $statistics);
                near(name, x().norm_axis::<$axis>().to_vec(), &one(exact.norm), |y| y.value(), $statistics);
                let magnitude = Dd::sum(exact.x.iter().map(|x| if x.value() < 0.0 { -*x } else { *x }));
                near(name, x().norm_axis_with::<$axis>(1.0).to_vec(), &one(magnitude), |y| y.value(), $statistics);
                let y = exact.logsumexp;
                near(name, x().logsumexp_axis::<$axis>().to_vec(), &one(y), |y| y.value().abs().max(1.0), 75.0 + log);
                let softmax = lane(x().softmax::<$axis>().to_vec());
                near(name, softmax, &exact.softmax, |y| y.value() + 1e-36, 75.0 + log);
                let mut running = zero;
                let sums: Vec<_> = exact.x.iter().map(|x| { running = running + *x; running }).collect();
                near(name, lane(x().cumsum::<$axis>().to_vec()), &sums, |_| exact.magnitude, 2.0);

                // Gradients, relative to the largest one or to the terms that they are sums of.
                let dot = exact.dot(&exact.softmax);
                let want: Vec<_> = exact.softmax.iter().zip(&exact.g).map(|(y, g)| *y * (*g - dot)).collect();
                let got = by(&|p: &Param<$shape, $e>| (p.track().softmax::<$axis>() * g()).sum().backward());
                near(name, got, &want, { let scale = largest(&exact.softmax); move |_| scale }, 150.0);
                let mut rest = zero;
                let mut want: Vec<_> = exact.g.iter().rev().map(|g| { rest = rest + *g; rest }).collect();
                want.reverse();
                let got = by(&|p: &Param<$shape, $e>| (p.track().cumsum::<$axis>() * g()).sum().backward());
                near(name, got, &want, |_| 0.5 * exact.n, 2.0);
                let got = by(&|p: &Param<$shape, $e>| p.track().logsumexp_axis::<$axis>().sum().backward());
                near(name, got, &exact.softmax, |y| y.value() + 1e-36, 8.0 + 2.0 * y.value().abs() + log);
                let got = by(&|p: &Param<$shape, $e>| p.track().norm_axis::<$axis>().sum().backward());
                near(name, got, &exact.unit(), |y| y.value().abs(), $statistics + 4.0);
                let n = Dd::from(exact.n);
                let (want, by_variance) = if equal {
                    (vec![zero; $n], vec![zero; $n])
                } else {
                    (exact.centred(Dd::from(1.0) / (deviation * n)), exact.centred(Dd::from(2.0) / n))
                };
                // Differences from a mean that is rounded to a float or, in f64, to a few.
                let mean = exact.mean.value().abs() / deviation.value().max(1e-300);
                let scale = largest(&want) + mean / exact.n * 1e-3;
                let rounded = |_| scale;
                let got = by(&|p: &Param<$shape, $e>| p.track().std_axis_with::<$axis>(0).sum().backward());
                near(name, got, &want, rounded, $statistics + 4.0);
                let got = by(&|p: &Param<$shape, $e>| p.track().var_axis_with::<$axis>(0).sum().backward());
                near(name, got, &by_variance, { let scale = largest(&by_variance); move |_| scale }, $statistics + 4.0);
            }
        }
    };
}

reductions!(the_last_axis_in_f32: f32, Rank1<N>, 1, N, -1, statistics: 2.0);
reductions!(a_middle_axis_in_f32: f32, Rank3<2, HALF, 3>, 3, HALF, 1, statistics: 2.0);
reductions!(the_first_axis_in_f32: f32, Rank2<HALF, 2>, 2, HALF, 0, statistics: 2.0);
reductions!(the_last_axis_in_f64: f64, Rank1<N>, 1, N, -1, statistics: 100.0);
reductions!(a_middle_axis_in_f64: f64, Rank3<2, HALF, 3>, 3, HALF, 1, statistics: 100.0);
reductions!(the_first_axis_in_f64: f64, Rank2<HALF, 2>, 2, HALF, 0, statistics: 100.0);
