//! Moments and bounds, which are those of PyTorch's formulas.

use super::*;
use crate::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The mean, the deviation, the smallest and the largest of a parameter.
fn moments(initializer: &Initializer, sizes: &[usize]) -> (f64, f64, f64, f64) {
    let x = initializer.draw(sizes, &mut Rng::seed(0)).unwrap();
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let std = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    (
        mean,
        std,
        x.iter().copied().fold(f64::INFINITY, f64::min),
        x.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    )
}

#[test]
fn deviations_are_those_of_pytorch() {
    // 40 outputs, 30 inputs, a kernel of 3 x 3: fans of 270 and 360.
    let sizes = [40, 30, 3, 3];
    for (initializer, std, is_uniform) in [
        (kaiming_uniform(), (2.0_f64 / 270.0).sqrt(), true),
        (kaiming_normal(), (2.0_f64 / 270.0).sqrt(), false),
        (kaiming_normal().fan_out(), (2.0_f64 / 360.0).sqrt(), false),
        (kaiming_uniform().gain(leaky_relu_gain(5.0_f64.sqrt())), (1.0_f64 / 3.0 / 270.0).sqrt(), true),
        (xavier_uniform(), (2.0_f64 / 630.0).sqrt(), true),
        (xavier_normal().gain(calculate_gain("tanh")), 5.0 / 3.0 * (2.0_f64 / 630.0).sqrt(), false),
        (uniform(-1.0, 1.0), 1.0 / 3.0_f64.sqrt(), true),
        (normal(0.0, 2.0), 2.0, false),
    ] {
        let (mean, ours, low, high) = moments(&initializer, &sizes);
        // Five standard errors of 10,800 draws.
        assert!(mean.abs() < 5.0 * std / 10_800.0_f64.sqrt(), "{initializer:?}");
        assert!(
            (ours / std - 1.0).abs() < 5.0 / (2.0 * 10_800.0_f64).sqrt(),
            "{initializer:?}: {ours} {std}"
        );
        let bound = 3.0_f64.sqrt() * std;
        assert_eq!(-bound <= low && high <= bound, is_uniform, "{initializer:?}");
        assert!(low < -0.99 * bound && 0.99 * bound < high, "{initializer:?}");
    }
}

#[test]
fn truncated_draws_have_the_moments_of_their_part() {
    // mean and std of scipy's truncnorm((a - m) / s, (b - m) / s, m, s).
    for (m, s, a, b, mean, std) in [
        (0.0, 1.0, -2.0, 2.0, 0.0, 0.8796256610342398),
        (0.5, 2.0, 0.0, 10.0, 1.7916641350648168, 1.2983080073198037),
        (0.0, 1.0, 0.5, 1.0, 0.7345404588412989, 0.1432410390089919),
    ] {
        let (ours, our_std, low, high) = moments(&trunc_normal(m, s, a, b), &[40_000]);
        assert!((ours - mean).abs() < 0.02 * s && (our_std - std).abs() < 0.02 * s, "{ours} {our_std}");
        assert!(a <= low && high <= b && low < a + 0.1 * (b - a));
    }
}

#[test]
fn orthogonal_rows_or_columns_have_the_length_of_the_gain() {
    for (rows, columns) in [(5, 5), (3, 8), (8, 3), (1, 4), (4, 1)] {
        let w = orthogonal().gain(2.0).draw(&[rows, columns], &mut Rng::seed(1)).unwrap();
        let at = |i: usize, k: usize| if rows <= columns { w[i * columns + k] } else { w[k * columns + i] };
        for i in 0..rows.min(columns) {
            for j in 0..rows.min(columns) {
                let dot: f64 = (0..rows.max(columns)).map(|k| at(i, k) * at(j, k)).sum();
                assert!((dot - if i == j { 4.0 } else { 0.0 }).abs() < 1e-13, "{rows} {columns}: {dot}");
            }
        }
    }
    let mut w = Param::new(Tensor::<Rank3<4, 2, 3>, f32>::zeros());
    orthogonal().fill(&mut w, &mut Rng::seed(0));
    let w = w.value().clone().reshape::<Rank2<4, 6>>();
    let product = w.clone().matmul(w.transpose::<0, 1>());
    assert!((product - Tensor::<Rank2<4, 4>>::eye()).abs().amax().item() < 1e-6);
}

#[test]
fn parameters_are_found_by_the_end_of_their_name() {
    let rng = &mut Rng::seed(0);
    let mut net = <(Linear<4, 3>, Relu, Frozen<Linear<3, 2, f64>>)>::new(rng);
    net.initialize("bias", &constant(0.5), rng);
    net.initialize("0.weight", &ones(), rng);
    net.initialize("2.weight", &zeros(), rng);
    let value = |name: &str| net.named_parameters().find(|(other, _)| other == name).unwrap().1.value();
    assert_eq!(value("0.bias").data().as_slice::<f32>().unwrap(), [0.5; 3]);
    assert_eq!(value("0.weight").data().as_slice::<f32>().unwrap(), [1.0; 12]);
    assert_eq!(value("2.weight").data().as_slice::<f64>().unwrap(), [0.0; 6]);
}

#[test]
fn parameters_that_cannot_be_initialized_are_named() {
    let text = |f: &mut dyn FnMut()| {
        let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
        payload.downcast::<String>().map_or_else(|_| String::new(), |text| *text)
    };
    let rng = &mut Rng::seed(0);
    let mut net = <(Linear<4, 3>, Relu)>::new(rng);
    assert_eq!(text(&mut || net.initialize("wieght", &zeros(), rng)), "no parameter is named `wieght`");
    assert_eq!(
        text(&mut || net.initialize("bias", &kaiming_normal(), rng)),
        "`0.bias`: fan-in and fan-out are those of a parameter with at least 2 axes, and this one is [3]"
    );
    assert_eq!(
        text(&mut || drop(trunc_normal(5.0, 1.0, -2.0, 2.0))),
        "the mean 5.0 of trunc_normal is more than 2 std from [-2.0, 2.0]"
    );
}
