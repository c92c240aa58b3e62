//! Every sum of 2²⁰ terms keeps its digits: reductions and gradients in f32 against the same in f64 of a naive, compensated
//! sum or of this library, for each position of the axis. The bounds are those of docs/accuracy.md.

use crate::support::compensated::{
    EQUAL_F32, EQUAL_F64, Exact, HALF, N, SIDE, TERMS, gradient_as_in_f64, near, sum,
};
use typegrad::prelude::*;

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
                let p = x.softmax::<$axis>();
                near(name, &of(p.clone().sum_axis::<$axis>()), 1.0, 1.0, 2e-6);
                let share = (exact.last - exact.logsumexp).exp();
                near(name, &p.to_vec()[$n * $inner - 1..$n * $inner], share, share, 4e-6);
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

#[test]
fn gradients_along_a_long_last_axis() {
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.softmax::<0>() * w).sum());
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.log_softmax::<0>() * w).sum());
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.cumsum::<0>() * w).sum());
    // e^(x - y), and y is rounded: by u |y|, for a y of about 1000.
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-4, |x, _w| x.logsumexp());
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.std());
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.var());
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, _w| x.norm());
}

#[test]
fn gradients_along_a_long_leading_axis() {
    gradient_as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.softmax::<0>() * w).sum());
    gradient_as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.cumsum::<0>() * w).sum());
    gradient_as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, _w| x.std_axis::<0>().sum());
    gradient_as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, _w| x.norm_axis::<0>().sum());
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

/// Equal elements have no deviation and no gradient of it: at every position and for any mean.
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
        }};
    }
    for value in EQUAL_F32 {
        check!(f32, value);
    }
    for value in EQUAL_F64 {
        check!(f64, value);
    }
}
