//! Every sum of 2²⁰ terms keeps its digits: reductions, normalizations and gradients in f32 against the same in f64 of a
//! naive, compensated sum or of this library, for each position of the axis. The bounds are those of docs/accuracy.md.

use typegrad::prelude::*;

/// A debug build does not inline vectors: it would take minutes.
const N: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
const HALF: usize = N / 2;
/// N = SIDE².
const SIDE: usize = if cfg!(debug_assertions) { 1 << 8 } else { 1 << 10 };

/// Terms that show different faults: equal ones drift, alternating ones cancel, a huge one swallows the others, and small
/// differences are hidden by a large mean.
const TERMS: [(&str, fn(usize) -> f32); 5] = [
    ("equal", |_| 0.1),
    ("alternating", |i| if i % 2 == 0 { 0.3 } else { -0.1 }),
    ("one huge", |i| if i == 12_345 { 3e7 } else { 0.1 }),
    ("huge first", |i| if i == 0 { 3e7 } else { 0.1 }),
    ("large mean", |i| 1000.0 + (i % 8) as f32),
];

/// Σ x, with the rounding errors in a sum of their own.
fn sum(x: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut errors) = (0.0, 0.0);
    for x in x {
        let next: f64 = sum + x;
        errors += if f64::abs(sum) > x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
    }
    sum + errors
}

/// Each number is the one wanted, up to `bound` times `scale`.
#[track_caller]
fn near(name: &str, got: &[f32], want: f64, scale: f64, bound: f64) {
    for got in got {
        let error = (f64::from(*got) - want).abs();
        assert!(error <= bound * scale, "{name}: {got} should be {want}, off by {error:e}");
    }
}

/// The exact results of a lane.
struct Exact {
    sum: f64,
    magnitude: f64,
    mean: f64,
    variance: f64,
    norm: f64,
    logsumexp: f64,
    last: f64,
}

impl Exact {
    fn of(term: fn(usize) -> f32, n: usize) -> Self {
        let x = || (0..n).map(|i| f64::from(term(i)));
        let total = sum(x());
        let mean = total / n as f64;
        let max = x().fold(f64::NEG_INFINITY, f64::max);
        Exact {
            sum: total,
            magnitude: sum(x().map(f64::abs)),
            mean,
            variance: sum(x().map(|x| (x - mean) * (x - mean))) / n as f64,
            norm: sum(x().map(|x| x * x)).sqrt(),
            logsumexp: max + sum(x().map(|x| (x - max).exp())).ln(),
            last: f64::from(term(n - 1)),
        }
    }
}

macro_rules! reductions {
    ($test:ident: $shape:ty, $inner:literal, $n:expr, $axis:literal) => {
        #[test]
        fn $test() {
            for (name, term) in TERMS {
                let exact = Exact::of(term, $n);
                let x = Tensor::<$shape>::from_fn(|i| term(i / $inner % $n));
                let of = |y: Tensor<_>| y.to_vec();
                near(name, &of(x.clone().sum_axis::<$axis>()), exact.sum, exact.magnitude, 1e-6);
                near(
                    name,
                    &of(x.clone().mean_axis::<$axis>()),
                    exact.mean,
                    exact.magnitude / $n as f64,
                    1e-6,
                );
                let exact_variance = if name == "equal" { 0.0 } else { exact.variance };
                near(name, &of(x.clone().var_axis_with::<$axis>(0)), exact_variance, exact.variance, 1e-6);
                near(
                    name,
                    &of(x.clone().std_axis_with::<$axis>(0)),
                    exact_variance.sqrt(),
                    exact.variance.sqrt(),
                    1e-6,
                );
                near(name, &of(x.clone().norm_axis::<$axis>()), exact.norm, exact.norm, 1e-6);
                near(
                    name,
                    &of(x.clone().norm_axis_with::<$axis>(1.0)),
                    exact.magnitude,
                    exact.magnitude,
                    1e-6,
                );
                near(name, &of(x.clone().norm_axis_with::<$axis>(0.0)), $n as f64, 1.0, 0.0);
                near(
                    name,
                    &of(x.clone().norm_axis_with::<$axis>(3.0)),
                    sum((0..$n).map(|i| f64::from(term(i)).abs().powi(3))).cbrt(),
                    exact.norm,
                    1e-6,
                );
                near(
                    name,
                    &of(x.clone().logsumexp_axis::<$axis>()),
                    exact.logsumexp,
                    exact.logsumexp.abs(),
                    1e-6,
                );
                // Of a running sum the last one; each is rounded once.
                let mut last = x.clone().cumsum::<$axis>().to_vec();
                last.retain({
                    let mut i = 0;
                    move |_| {
                        i += 1;
                        (i - 1) / $inner % $n == $n - 1
                    }
                });
                near(name, &last, exact.sum, exact.magnitude, 1e-7);
                // Probabilities sum to one, and the share of the last one is right.
                let p = x.clone().softmax::<$axis>();
                near(name, &of(p.clone().sum_axis::<$axis>()), 1.0, 1.0, 2e-6);
                let share = (exact.last - exact.logsumexp).exp();
                near(name, &p.to_vec()[$n * $inner - 1..$n * $inner], share, share, 4e-6);
                let y = x.normalize::<$axis>().to_vec();
                near(
                    name,
                    &y[$n * $inner - 1..$n * $inner],
                    exact.last / exact.norm,
                    exact.last.abs() / exact.norm,
                    1e-6,
                );
            }
        }
    };
}
reductions!(a_leading_axis: Rank2<N, 2>, 2, N, 0);
reductions!(a_leading_axis_of_many_columns: Rank2<4096, 129>, 129, 4096, 0);
reductions!(a_middle_axis: Rank3<2, HALF, 2>, 2, HALF, 1);
reductions!(the_last_axis: Rank2<2, N>, 1, N, -1);

#[test]
fn all_elements_and_several_axes() {
    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let x = Tensor::<Rank1<N>>::from_fn(term);
        near(name, &[x.clone().sum().item()], exact.sum, exact.magnitude, 1e-6);
        near(name, &[x.clone().mean().item()], exact.mean, exact.magnitude / N as f64, 1e-6);
        near(
            name,
            &[x.clone().std_with(0).item()],
            exact.variance.sqrt(),
            exact.variance.sqrt().max(1e-30),
            1e-6,
        );
        near(name, &[x.clone().norm().item()], exact.norm, exact.norm, 1e-6);
        near(name, &[x.clone().logsumexp().item()], exact.logsumexp, exact.logsumexp.abs(), 1e-6);
        near(
            name,
            &[x.clone().mse_loss(Tensor::zeros()).item()],
            exact.norm.powi(2) / N as f64,
            exact.norm.powi(2) / N as f64,
            1e-6,
        );
        near(
            name,
            &[x.l1_loss(Tensor::zeros()).item()],
            exact.magnitude / N as f64,
            exact.magnitude / N as f64,
            1e-6,
        );
        let x = Tensor::<Rank3<SIDE, 2, SIDE>>::from_fn(|i| term(i / (2 * SIDE) * SIDE + i % SIDE));
        near(name, &x.clone().sum_axes::<Axes2<0, 2>>().to_vec(), exact.sum, exact.magnitude, 1e-6);
        near(
            name,
            &x.std_axes_with::<Axes2<0, -1>>(0).to_vec(),
            exact.variance.sqrt(),
            exact.variance.sqrt().max(1e-30),
            2e-6,
        );
    }
}

/// The first error that was found: a million equal terms along the first axis, in sequence.
#[test]
fn a_million_terms_along_the_first_axis() {
    const MILLION: usize = 1 << 20;
    let x = Tensor::<Rank2<MILLION, 2>>::full(0.1);
    let b = Param::new(Tensor::from([0.0_f32, 0.0]));
    ((x.zeros_like() + &b) * 0.1).sum().backward();
    let grad = b.grad().unwrap().to_vec()[0];
    let (sum, mean) = (x.clone().sum_axis::<0>().to_vec()[0], x.mean_axis::<0>().to_vec()[0]);
    let run = Tensor::<Rank1<MILLION>>::full(0.1).cumsum::<0>().as_slice()[MILLION - 1];
    for y in [grad, sum, mean * MILLION as f32, run] {
        assert!((y - 104_857.6).abs() < 0.1, "{y}");
    }
}

/// Gradients of picked elements: an index that was picked more often than all others together, in any order.
#[test]
fn gradients_of_what_was_picked() {
    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let upstream = Tensor::<Rank1<N>>::from_fn(term);
        let indices = Tensor::<Rank1<N>, i64>::full(1);
        let p = Param::new(Tensor::<Rank1<3>>::zeros());
        (p.track().index_select::<0, N>(&indices) * &upstream).sum().backward();
        let grad = p.grad().unwrap().to_vec();
        near(name, &grad[1..2], exact.sum, exact.magnitude, 1e-7);
        assert_eq!((grad[0], grad[2]), (0.0, 0.0));
    }
}

/// Gradients that are sums: of what was broadcast, expanded, repeated, or shared by rows.
#[test]
fn gradients_are_sums_too() {
    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let upstream = Tensor::<Rank2<N, 2>>::from_fn(|i| term(i / 2));
        let check = |grad: Option<Tensor<Rank1<2>>>| {
            near(name, &grad.unwrap().to_vec(), exact.sum, exact.magnitude, 1e-6)
        };
        let b = Param::new(Tensor::from([0.0_f32, 0.0]));
        ((upstream.zeros_like() + &b) * &upstream).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([1.0_f32, 1.0]));
        (upstream.clone() * &b).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([1.0_f32, 1.0]));
        (b.track().broadcast_to::<Rank2<N, 2>>() * &upstream).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([[1.0_f32, 1.0]]));
        (b.track().repeat::<Rank2<N, 1>>().with_shape::<Rank2<N, 2>>() * &upstream).sum().backward();
        check(b.grad().map(|grad| grad.squeeze::<0>()));
    }
}

/// The gradient in f32 is that in f64, relative to its largest element.
macro_rules! as_in_f64 {
    ($shape:ty, $index:expr, $bound:expr, |$x:ident, $w:ident| $f:expr) => {
        for (name, term) in TERMS {
            let narrow = as_in_f64!(@run f32, $shape, |i| term($index(i)), |$x, $w| $f);
            let wide = as_in_f64!(@run f64, $shape, |i| term($index(i)), |$x, $w| $f);
            let scale = wide.iter().fold(1e-30, |max: f64, g| max.max(g.abs()));
            for (got, want) in narrow.into_iter().zip(wide) {
                assert!((got - want).abs() <= $bound * scale, "{name}: {got} should be {want}, of {scale}");
            }
        }
    };
    (@run $e:ty, $shape:ty, $term:expr, |$x:ident, $w:ident| $f:expr) => {{
        let p = Param::new(Tensor::<$shape, $e>::from_fn(|i| $term(i).into()));
        let $w = Tensor::<$shape, $e>::from_fn(|i| (i % 7) as $e * 0.25 - 0.5);
        let $x = p.track();
        $f.backward();
        p.grad().unwrap().to_vec().into_iter().map(f64::from).collect::<Vec<f64>>()
    }};
}

#[test]
fn gradients_along_a_long_last_axis() {
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.softmax::<0>() * w).sum());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.log_softmax::<0>() * w).sum());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.normalize::<0>() * w).sum());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.cumsum::<0>() * w).sum());
    // e^(x - y), and y is rounded: by u |y|, for a y of about 1000.
    as_in_f64!(Rank1<N>, |i| i, 1e-4, |x, _w| x.logsumexp());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.std());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.var());
    as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.norm());
}

#[test]
fn gradients_along_a_long_leading_axis() {
    as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.softmax::<0>() * w).sum());
    as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.normalize::<0>() * w).sum());
    as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.cumsum::<0>() * w).sum());
    as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, _w| x.std_axis::<0>().sum());
    as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, _w| x.norm_axis::<0>().sum());
}

/// Layers over N rows: the gradients of weights are sums over them, and what is normalized has mean 0 and variance 1.
#[test]
fn normalizations_of_many_rows_and_of_long_ones() {
    let upstream = |i: usize| (i % 7) as f32 * 0.25 - 0.5;
    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let normal = |i: usize, eps: f64| (f64::from(term(i)) - exact.mean) / (exact.variance + eps).sqrt();
        let scale = (exact.mean * exact.mean / (exact.variance + 1e-5)).sqrt().max(1.0);

        let norm = LayerNorm::<N>::new(&mut Rng::seed(0));
        let y = norm.infer(Tensor::<Rank2<1, N>>::from_fn(term)).to_vec();
        (0..N).for_each(|i| {
            near(
                name,
                &y[i..=i],
                if name == "equal" { 0.0 } else { normal(i, 1e-5) },
                y[i].abs().into(),
                2e-6 * scale,
            )
        });

        let norm = BatchNorm1d::<2>::new(&mut Rng::seed(0));
        let w = Tensor::<Rank2<N, 2>>::from_fn(|i| upstream(i / 2));
        let y = norm.train(Tensor::<Rank2<N, 2>>::from_fn(|i| term(i / 2)));
        let values = y.value().to_vec();
        (0..N).for_each(|i| {
            near(
                name,
                &values[2 * i..2 * i + 2],
                if name == "equal" { 0.0 } else { normal(i, 1e-5) },
                // One of a million terms is 1024 deviations away, where floats are 1e-4 apart: there 4 u of the element.
                (normal(i, 1e-5).abs() / 4.0).max(1.0),
                1e-6 * scale,
            )
        });
        (y * &w).sum().backward();
        let terms = || (0..N).map(|i| f64::from(upstream(i)) * normal(i, 1e-5));
        near(
            name,
            &norm.weight.grad().unwrap().to_vec(),
            sum(terms()),
            sum(terms().map(f64::abs)) + 1.0,
            2e-6 * scale,
        );
        near(
            name,
            &norm.bias.grad().unwrap().to_vec(),
            sum((0..N).map(|i| upstream(i).into())),
            0.5 * N as f64,
            1e-6,
        );

        let norm = LayerNorm::<2>::new(&mut Rng::seed(0));
        let x = Tensor::<Rank2<N, 2>>::from_fn(|i| if i % 2 == 0 { term(i / 2) } else { -term(i / 2) });
        (norm.train(x) * &w).sum().backward();
        near(
            name,
            &norm.bias.grad().unwrap().to_vec(),
            sum((0..N).map(|i| upstream(i).into())),
            0.5 * N as f64,
            1e-6,
        );
        let terms = || {
            (0..N).map(|i| {
                let x = f64::from(term(i));
                f64::from(upstream(i)) * x / (x * x + 1e-5).sqrt()
            })
        };
        let want = sum(terms());
        let got = norm.weight.grad().unwrap().to_vec();
        near(name, &got[..1], want, N as f64, 1e-6);
        near(name, &got[1..], -want, N as f64, 1e-6);
    }
}

/// Equal elements have no deviation, no gradient of it, and are 0 when normalized: at every position and for any mean.
#[test]
fn equal_elements_have_no_deviation() {
    macro_rules! check {
        ($e:ty, $value:expr) => {{
            let value: $e = $value;
            let x = Param::new(Tensor::<Rank3<5, 7, 3>, $e>::full(value));
            let y = x.track().std_axis::<0>().sum() + x.track().std_axis::<1>().sum();
            let y = y + x.track().std_axis::<2>().sum() + x.track().std_axes::<Axes2<0, 2>>().sum();
            let y = (y + x.track().var().sqrt() * 0.0) + x.track().std();
            assert_eq!(y.value().item(), 0.0, "{value}");
            let x = Param::new(x.value().clone());
            (x.track().std_axis::<0>().sum() + x.track().std_axis::<2>().sum() + x.track().std()).backward();
            assert!(x.grad().unwrap().to_vec().iter().all(|g| *g == 0.0), "{value}");
            let rows = || Tensor::<Rank2<6, 10>, $e>::full(value);
            assert_eq!(LayerNorm::<10, $e>::new(&mut Rng::seed(0)).infer(rows()), Tensor::zeros(), "{value}");
            assert_eq!(GroupNorm::<2, 10, $e>::new(&mut Rng::seed(0)).infer(rows()), Tensor::zeros(), "{value}");
            let norm = BatchNorm1d::<10, $e>::new(&mut Rng::seed(0));
            assert_eq!(norm.train(rows()).value(), Tensor::zeros(), "{value}");
            let images = Tensor::<Rank4<3, 10, 5, 7>, $e>::full(value);
            let norm = BatchNorm2d::<10, $e>::new(&mut Rng::seed(0));
            assert_eq!(norm.train(images).value(), Tensor::zeros(), "{value}");
        }};
    }
    for value in [0.99, 0.1, 15_999.999, -1e-3, 1e30, 1e-30] {
        check!(f32, value);
    }
    for value in [0.99, 0.1, 15_999.999, -1e-3, 1.0 / 3.0, 1e100, 1e-100] {
        check!(f64, value);
    }
}

#[test]
fn deviations_and_norms_stay_in_the_range() {
    let x = Param::new(Tensor::from([[1e20_f32], [3e20]]));
    let y = x.track().std_axis::<0>();
    assert!((y.value().to_vec()[0] - 1.414_213_6e20).abs() < 1e15);
    y.sum().backward();
    let grad = x.grad().unwrap().to_vec();
    assert!((grad[0] + 0.707_106_77).abs() < 1e-6 && (grad[1] - 0.707_106_77).abs() < 1e-6);
    for k in [1e20_f32, 1e-25] {
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm().item() / k - 5.0).abs() < 1e-5);
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm_with(3.0).item() / k - 91.0_f32.cbrt()).abs() < 1e-5);
    }
    for k in [1e200_f64, 1e-200, 3e307, 1e-305] {
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm().item() / k - 5.0).abs() < 1e-14);
        let x = Param::new(Tensor::from([k, 3.0 * k]));
        assert!((x.track().std().backward() / k - 2.0_f64.sqrt()).abs() < 1e-14);
        let grad = x.grad().unwrap().to_vec();
        assert!(
            (grad[0] + 0.5_f64.sqrt()).abs() < 1e-14 && (grad[1] - 0.5_f64.sqrt()).abs() < 1e-14,
            "{grad:?}"
        );
    }
    // The square is in the range of f32 where it is asked for.
    assert_eq!(Tensor::from([1e20_f32, 3e20]).var().item(), f32::INFINITY);
}

#[test]
fn counts_are_integers() {
    const LONG: usize = 1 << 25;
    let x = Tensor::<Rank1<LONG>>::ones();
    assert_eq!(x.clone().norm_with(0.0).item(), LONG as f32);
    assert_eq!(x.histc::<2>(0.0, 1.0), Tensor::from([0.0, LONG as f32]));
    assert_eq!(x.clone().nanmean().item(), 1.0);
    let x = Param::new(x);
    x.track().max().backward();
    assert_eq!(x.grad().unwrap().to_vec()[LONG - 1], 1.0 / LONG as f32);
}
