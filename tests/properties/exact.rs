//! Long reductions and normalizations, in `f32` and in `f64`, against arithmetic of 106 bits: values and gradients, for
//! each position of the axis. The bounds are those of docs/accuracy.md, in units of u, half the distance of 1 from the next float.

use super::double::Dd;
use typegrad::prelude::*;

/// A debug build does not inline vectors, nor the exact arithmetic: it would take minutes.
const N: usize = if cfg!(debug_assertions) { 1 << 14 } else { 1 << 20 };
const HALF: usize = N / 2;

/// Terms that `f32` has exactly: equal ones, alternating ones, and one huge among small ones.
const TERMS: [(&str, fn(usize) -> f32); 4] = [
    ("equal", |_| 0.1),
    ("alternating", |i| if i % 2 == 0 { 0.3 } else { -0.1 }),
    ("one huge", |i| if i == 4_321 { 3e7 } else { 0.1 }),
    ("large mean", |i| 1000.0 + (i % 8) as f32),
];

/// The upstream gradient.
fn upstream(i: usize) -> f32 {
    (i % 7) as f32 * 0.25 - 0.5
}

/// Each number of a lane is the one wanted, up to `bound` u times `scale`.
#[track_caller]
fn near<E: Float>(
    name: &str,
    got: impl IntoIterator<Item = E>,
    want: &[Dd],
    scale: impl Fn(Dd) -> f64,
    bound: f64,
) {
    let u = if size_of::<E>() == 4 { 2.0_f64.powi(-24) } else { 2.0_f64.powi(-53) };
    let mut count = 0;
    for (got, want) in got.into_iter().zip(want.iter().cycle()) {
        let got = got.as_f64();
        let error = (Dd::from(got) - *want).value().abs();
        let allowed = bound * u * scale(*want);
        assert!(
            error <= allowed,
            "{name}: {got:e} should be {:e}: {:.1} u off",
            want.value(),
            error / allowed * bound
        );
        count += 1;
    }
    assert!(count >= want.len());
}

/// The exact results of the terms of a lane, and the gradients with respect to them for the gradient [`upstream`].
struct Exact {
    n: f64,
    x: Vec<Dd>,
    g: Vec<Dd>,
    sum: Dd,
    magnitude: f64,
    mean: Dd,
    variance: Dd,
    norm: Dd,
    logsumexp: Dd,
    softmax: Vec<Dd>,
}

impl Exact {
    fn of(term: fn(usize) -> f32, n: usize) -> Self {
        let x: Vec<_> = (0..n).map(|i| Dd::from(f64::from(term(i)))).collect();
        let g: Vec<_> = (0..n).map(|i| Dd::from(f64::from(upstream(i)))).collect();
        let sum = Dd::sum(x.iter().copied());
        let mean = sum / Dd::from(n as f64);
        let variance = Dd::sum(x.iter().map(|x| (*x - mean) * (*x - mean))) / Dd::from(n as f64);
        let max = x.iter().copied().reduce(|a, b| if (a - b).value() > 0.0 { a } else { b }).expect("a term");
        // Terms repeat, and an exponential takes long.
        let mut known: Vec<(Dd, Dd)> = Vec::new();
        let e: Vec<_> = x
            .iter()
            .map(|x| match known.iter().find(|(of, _)| of.value() == x.value()) {
                Some((_, e)) => *e,
                None => {
                    known.push((*x, (*x - max).exp()));
                    known[known.len() - 1].1
                }
            })
            .collect();
        let total = Dd::sum(e.iter().copied());
        let inverse = Dd::from(1.0) / total;
        Exact {
            n: n as f64,
            sum,
            magnitude: x.iter().map(|x| x.value().abs()).sum(),
            mean,
            variance,
            norm: Dd::sum(x.iter().map(|x| *x * *x)).sqrt(),
            logsumexp: max + total.ln(),
            softmax: e.into_iter().map(|e| e * inverse).collect(),
            x,
            g,
        }
    }

    /// (x - mean) · factor, of each.
    fn centred(&self, factor: Dd) -> Vec<Dd> {
        self.x.iter().map(|x| (*x - self.mean) * factor).collect()
    }

    /// Σ g y.
    fn dot(&self, y: &[Dd]) -> Dd {
        Dd::sum(self.g.iter().zip(y).map(|(g, y)| *g * *y))
    }

    /// The gradient with respect to x of Σ g x̂, where x̂ is normalized with this factor.
    fn normalized_gradient(&self, normal: &[Dd], factor: Dd) -> Vec<Dd> {
        let n = Dd::from(self.n);
        let (mean, dot) = (Dd::sum(self.g.iter().copied()) / n, self.dot(normal) / n);
        self.g.iter().zip(normal).map(|(g, y)| (*g - mean - *y * dot) * factor).collect()
    }
}

fn largest(x: &[Dd]) -> f64 {
    x.iter().fold(1e-300, |max, x| max.max(x.value().abs()))
}

/// All forms of a lane, of which the tensor has `inner` next to each other, one element apart.
macro_rules! lanes {
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
                // The elements of the first lane, and of the one next to it.
                let lane = |y: Vec<$e>| {
                    let pick = move |first: usize| (0..$n).map(move |i| i * $inner + first).collect::<Vec<_>>();
                    let at: Vec<usize> = if $inner > 1 { [pick(0), pick(1)].concat() } else { pick(0) };
                    at.into_iter().map(move |i| y[i]).collect::<Vec<_>>()
                };
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
                let normalize: Vec<_> = exact.x.iter().map(|x| *x / exact.norm).collect();
                near(name, lane(x().normalize::<$axis>().to_vec()), &normalize, |y| y.value().abs(), $statistics + 2.0);

                // Gradients, relative to the largest one or to the terms that they are sums of.
                let dot = exact.dot(&exact.softmax);
                let want: Vec<_> = exact.softmax.iter().zip(&exact.g).map(|(y, g)| *y * (*g - dot)).collect();
                let got = by(&|p: &Param<$shape, $e>| (p.track().softmax::<$axis>() * g()).sum().backward());
                near(name, got, &want, { let scale = largest(&exact.softmax); move |_| scale }, 150.0);
                let dot = exact.dot(&normalize);
                let want: Vec<_> =
                    normalize.iter().zip(&exact.g).map(|(y, g)| (*g - *y * dot) / exact.norm).collect();
                let got = by(&|p: &Param<$shape, $e>| (p.track().normalize::<$axis>() * g()).sum().backward());
                let terms: f64 = exact.g.iter().zip(&normalize).map(|(g, y)| (*g * *y).value().abs()).sum();
                near(name, got, &want, { let scale = (0.5 + terms * largest(&normalize)) / exact.norm.value(); move |_| scale }, 150.0);
                let mut rest = zero;
                let mut want: Vec<_> = exact.g.iter().rev().map(|g| { rest = rest + *g; rest }).collect();
                want.reverse();
                let got = by(&|p: &Param<$shape, $e>| (p.track().cumsum::<$axis>() * g()).sum().backward());
                near(name, got, &want, |_| 0.5 * exact.n, 2.0);
                let got = by(&|p: &Param<$shape, $e>| p.track().logsumexp_axis::<$axis>().sum().backward());
                near(name, got, &exact.softmax, |y| y.value() + 1e-36, 8.0 + 2.0 * y.value().abs() + log);
                let got = by(&|p: &Param<$shape, $e>| p.track().norm_axis::<$axis>().sum().backward());
                near(name, got, &normalize, |y| y.value().abs(), $statistics + 4.0);
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

lanes!(the_last_axis_in_f32: f32, Rank1<N>, 1, N, -1, statistics: 2.0);
lanes!(a_middle_axis_in_f32: f32, Rank3<2, HALF, 3>, 3, HALF, 1, statistics: 2.0);
lanes!(the_first_axis_in_f32: f32, Rank2<HALF, 2>, 2, HALF, 0, statistics: 2.0);
lanes!(the_last_axis_in_f64: f64, Rank1<N>, 1, N, -1, statistics: 100.0);
lanes!(a_middle_axis_in_f64: f64, Rank3<2, HALF, 3>, 3, HALF, 1, statistics: 100.0);
lanes!(the_first_axis_in_f64: f64, Rank2<HALF, 2>, 2, HALF, 0, statistics: 100.0);

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
