//! Gradients against differences, at random points and for shapes of each kind.

use proptest::prelude::*;
use typegrad::gradcheck;
use typegrad::prelude::*;

/// `x`, moved away from points where the function is not smooth.
fn away_from(x: &[f64], kinks: &[f64]) -> Vec<f64> {
    let near = |x: f64| kinks.iter().any(|k| (x - k).abs() < 0.01);
    x.iter().map(|x| if near(*x) { x + 0.03 } else { *x }).collect()
}

/// Tests that name a call, the interval of x, and the points where the function is not smooth.
macro_rules! agrees_with_differences {
    ($($name:ident: $call:ident($($arg:expr),*) in $range:expr $(, but $($kink:expr),+)?;)+) => { $(
        #[test]
        fn $name() {
            let config = ProptestConfig { cases: 32, ..ProptestConfig::default() };
            proptest!(config, |(x in prop::collection::vec($range, 6), w in prop::collection::vec(-2.0..2.0, 6))| {
                let x = away_from(&x, &[$($($kink),+)?]);
                for_shape!(Rank1<6>, x, w, $call($($arg),*));
                for_shape!(Rank2<2, 3>, x, w, $call($($arg),*));
                for_shape!(Rank4<1, 3, 1, 2>, x, w, $call($($arg),*));
                for_shape!(Rank0, x[..1], w[..1], $call($($arg),*));
            });
            gradcheck(Tensor::<Rank2<0, 3>, f64>::zeros(), |x| x.$call($($arg),*).sum()).unwrap();
        }
    )+ };
}

macro_rules! for_shape {
    ($shape:ty, $x:expr, $w:expr, $call:ident($($arg:expr),*)) => {{
        let x = Tensor::<$shape, f64>::try_from(&$x[..]).unwrap();
        let w = Tensor::<$shape, f64>::try_from(&$w[..]).unwrap();
        prop_assert_eq!(gradcheck(x, |x| (x.$call($($arg),*) * w.clone()).sum()), Ok(()));
    }};
}

agrees_with_differences! {
    exp: exp() in -5.0..5.0;
    exp2: exp2() in -5.0..5.0;
    expm1: expm1() in -5.0..5.0;
    ln: ln() in 0.1..9.0;
    log2: log2() in 0.1..9.0;
    log10: log10() in 0.1..9.0;
    log1p: log1p() in -0.9..9.0;
    sqrt: sqrt() in 0.1..9.0;
    rsqrt: rsqrt() in 0.1..9.0;
    square: square() in -9.0..9.0;
    powi: powi(3) in -3.0..3.0;
    powi_below_zero: powi(-2) in 0.3..3.0;
    powf: powf(1.5) in 0.3..3.0;
    nan_to_num: nan_to_num() in -3.0..3.0;
    reciprocal_left: reciprocal() in -9.0..-0.1;
    reciprocal: reciprocal() in 0.1..9.0;
    abs: abs() in -9.0..9.0, but 0.0;
    sign: sign() in -9.0..9.0, but 0.0;
    sin: sin() in -9.0..9.0;
    cos: cos() in -9.0..9.0;
    tan: tan() in -1.4..1.4;
    asin: asin() in -0.9..0.9;
    acos: acos() in -0.9..0.9;
    atan: atan() in -9.0..9.0;
    sinh: sinh() in -5.0..5.0;
    cosh: cosh() in -5.0..5.0;
    tanh: tanh() in -5.0..5.0;
    asinh: asinh() in -9.0..9.0;
    acosh: acosh() in 1.1..9.0;
    atanh: atanh() in -0.9..0.9;
    erf: erf() in -5.0..5.0;
    erfc: erfc() in -5.0..5.0;
    floor: floor() in -1.5..1.5, but -1.0, 0.0, 1.0;
    ceil: ceil() in -1.5..1.5, but -1.0, 0.0, 1.0;
    round: round() in -1.4..1.4, but -0.5, 0.5;
    trunc: trunc() in -1.5..1.5, but -1.0, 1.0;
    frac: frac() in -1.5..1.5, but -1.0, 1.0;
    clamp: clamp(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    clip: clip(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    clamp_min: clamp_min(-1.0) in -3.0..3.0, but -1.0;
    clamp_max: clamp_max(-1.0) in -3.0..3.0, but -1.0;
    sigmoid: sigmoid() in -9.0..9.0;
    log_sigmoid: log_sigmoid() in -9.0..9.0;
    silu: silu() in -9.0..9.0;
    mish: mish() in -9.0..9.0;
    softplus: softplus(2.0, 40.0) in -9.0..9.0;
    gelu: gelu() in -5.0..5.0;
    gelu_tanh: gelu_tanh() in -5.0..5.0;
    relu: relu() in -3.0..3.0, but 0.0;
    leaky_relu: leaky_relu(0.1) in -3.0..3.0, but 0.0;
    elu: elu(0.7) in -3.0..3.0, but 0.0;
    hardtanh: hardtanh(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    relu6: relu6() in -3.0..9.0, but 0.0, 6.0;
    hardsigmoid: hardsigmoid() in -5.0..5.0, but -3.0, 3.0;
    hardswish: hardswish() in -5.0..5.0, but -3.0, 3.0;
    softsign: softsign() in -5.0..5.0;
    threshold: threshold(1.0, -2.0) in -3.0..3.0, but 1.0;
}
