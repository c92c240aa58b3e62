//! `f32` against `libm` in `f64`, `f64` against mpmath, and the corner cases; at every level.
//!
//! `TYPEGRAD_EXHAUSTIVE=1 cargo test --release --lib kernel::math -- --nocapture` tries all 2³² arguments of the `f32` functions, in
//! place of samples, against the functions in `f64`, and against `libm` where the two are almost too far apart. It takes half
//! an hour; `TYPEGRAD_EXHAUSTIVE=Acosh,Sin` tries these two.

use super::Function::{self, *};
use super::{Coefficients, Elementary, Elements, power};
use crate::kernel::simd::{Kernel, Level, Simd, Vector, dispatch, level, with_level};
use std::fmt::Debug;

/// xʸ of each pair, or of each x and one y.
struct Pow<'a, E> {
    x: Elements<'a, E>,
    y: &'a [E],
}

impl<E: Coefficients> Kernel for Pow<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Elements { n, from, to, .. } = self.x;
        let lanes = E::V::<S>::LANES;
        let exponent = E::V::<S>::splat(self.y.first().copied().unwrap_or(E::ZERO));
        let mut i = 0;
        while i < n {
            let count = (n - i).min(lanes);
            let y = if self.y.len() == 1 { exponent } else { E::V::<S>::load_partial(&self.y[i..], E::ZERO) };
            // SAFETY: from i on there are `count` elements to read and to write, by the constructors of `Elements`.
            unsafe {
                let x = E::V::<S>::load_first(from.add(i), count, E::ZERO);
                power::pow(x, y).store_first(to.add(i), count);
            }
            i += lanes;
        }
    }
}

fn pow<E: Coefficients>(x: &[E], y: &[E], z: &mut [E]) {
    dispatch(Pow { x: Elements::between(x, z), y });
}

/// The largest error in units in the last place.
fn bound(f: Function) -> f64 {
    match f {
        Gelu | Erfc => 5.0,
        Tan => 3.5,
        Tanh | Sigmoid | Silu | GeluTanh | Softplus => 3.2,
        Sinh => 2.5,
        _ => 2.0,
    }
}

fn at_each_level(f: impl Fn()) {
    Level::ALL.into_iter().for_each(|l| with_level(l, &f));
}

/// The function in `f64`, precise enough to judge `f32`.
fn reference(f: Function, x: f64) -> f64 {
    match f {
        Exp => libm::exp(x),
        Exp2 => libm::exp2(x),
        Expm1 => libm::expm1(x),
        Ln => libm::log(x),
        Log2 => libm::log2(x),
        Log10 => libm::log10(x),
        Log1p => libm::log1p(x),
        Sinh => libm::sinh(x),
        Cosh => libm::cosh(x),
        Tanh => libm::tanh(x),
        Asinh if x.is_infinite() || x.abs() < 1e-9 => x,
        Asinh => libm::log1p(x.abs() + x * x / (1.0 + (1.0 + x * x).sqrt())).copysign(x),
        Acosh if x < 1.0 => f64::NAN,
        Acosh => libm::acosh(x),
        Atanh => libm::atanh(x),
        Sigmoid if x < 0.0 => libm::exp(x) / (1.0 + libm::exp(x)),
        Sigmoid => 1.0 / (1.0 + libm::exp(-x)),
        Softplus if x > 0.0 => x + libm::log1p(libm::exp(-x)),
        Softplus => libm::log1p(libm::exp(x)),
        Silu | Gelu | GeluTanh if x == f64::NEG_INFINITY => f64::NAN,
        Silu | Gelu | GeluTanh if x < -1000.0 => -0.0,
        Silu => x * reference(Sigmoid, x),
        Gelu => 0.5 * x * libm::erfc(-x * 0.5f64.sqrt()),
        GeluTanh => x * reference(Sigmoid, (8.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x)),
        Erf => libm::erf(x),
        Erfc => libm::erfc(x),
        Sin => libm::sin(x),
        Cos => libm::cos(x),
        Tan => libm::tan(x),
        Asin => libm::asin(x),
        Acos => libm::acos(x),
        Atan => libm::atan(x),
    }
}

/// How far `y` is from `exact`, in units in the last place of an `f32`; infinite where the kinds differ.
fn ulps(y: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if y.to_bits() == nearest.to_bits() || (y.is_nan() && nearest.is_nan()) {
        return 0.0;
    }
    if y.is_nan() || exact.is_nan() || exact.is_infinite() || (y == 0.0 && exact == 0.0) {
        return f64::INFINITY;
    }
    // The float after the largest one counts as 2¹²⁸.
    let y = if y.is_infinite() { 2f64.powi(128).copysign(y.into()) } else { y.into() };
    let exponent = (exact.abs().to_bits() >> 52) as i32 - 1023;
    (y - exact).abs() / 2f64.powi(exponent.clamp(-126, 127) - 23)
}

/// Each `step`th float.
fn floats(step: usize) -> impl Iterator<Item = f32> {
    (0..=u32::MAX).step_by(step).map(f32::from_bits)
}

fn step() -> usize {
    if cfg!(debug_assertions) { 499_979 } else { 99_991 }
}

#[test]
fn f32_is_right_to_the_documented_ulps() {
    const BATCH: usize = 1 << 12;
    for &f in Function::ALL {
        let mut worst = Level::ALL.map(|_| (0.0, 0.0));
        let mut arguments = floats(step()).peekable();
        while arguments.peek().is_some() {
            let x: Vec<f32> = arguments.by_ref().take(BATCH).collect();
            let exact: Vec<f64> = x.iter().map(|&x| reference(f, x.into())).collect();
            for (l, worst) in Level::ALL.into_iter().zip(&mut worst) {
                let mut y = vec![0.0; x.len()];
                with_level(l, || f32::map(f, &x, &mut y));
                for ((&x, &exact), &y) in x.iter().zip(&exact).zip(&y) {
                    let error = ulps(y, exact);
                    if error > worst.0 {
                        *worst = (error, x);
                    }
                }
            }
        }
        println!("{f:?}: {worst:?}");
        for (l, (error, x)) in Level::ALL.into_iter().zip(worst) {
            assert!(error <= bound(f), "{f:?} of {x:e} is {error} ulp off at {l}");
        }
    }
}

#[test]
fn f32_agrees_with_f64() {
    const BATCH: usize = 1 << 13;
    let names = std::env::var("TYPEGRAD_EXHAUSTIVE").ok();
    let step = if names.is_some() { 1 } else { step() };
    let (mut wide, mut exact) = (vec![0.0; BATCH], vec![0.0; BATCH]);
    for &f in Function::ALL {
        if names
            .as_ref()
            .is_some_and(|names| names != "1" && !names.split(',').any(|name| name == format!("{f:?}")))
        {
            continue;
        }
        let limit = bound(f) - 0.01;
        let mut worst = 0.0_f64;
        let mut arguments = floats(step).peekable();
        while arguments.peek().is_some() {
            let x: Vec<f32> = arguments.by_ref().take(BATCH).collect();
            let (wide, exact) = (&mut wide[..x.len()], &mut exact[..x.len()]);
            wide.iter_mut().zip(&x).for_each(|(wide, x)| *wide = (*x).into());
            f64::map(f, wide, exact);
            let of_levels = Level::ALL.map(|l| {
                let mut y = vec![0.0; x.len()];
                with_level(l, || f32::map(f, &x, &mut y));
                y
            });
            for (l, y) in Level::ALL.into_iter().zip(&of_levels) {
                for ((&x, &exact), &y) in x.iter().zip(&*exact).zip(y) {
                    let exponent = (exact.to_bits() >> 52 & 0x7ff).clamp(897, 1149);
                    let scale = f64::from_bits((2046 + 23 - exponent) << 52);
                    let error = (f64::from(y) - exact).abs() * scale;
                    if y.to_bits() == (exact as f32).to_bits() {
                        continue;
                    }
                    // NaN, infinities, zeros of different signs, and what is near the bound.
                    if error > limit || error.is_nan() || y == 0.0 {
                        let error = ulps(y, reference(f, x.into()));
                        assert!(error <= bound(f), "{f:?} of {x:e} is {y:e}, {error} ulp off at {l}");
                    } else if error > worst {
                        worst = error;
                    }
                }
            }
        }
        println!("{f:?}: {worst}");
    }
}

/// The number of floats between two, where they have one kind.
fn distance(a: f64, b: f64) -> u64 {
    let order = |x: f64| if x.is_sign_negative() { -(x.abs().to_bits() as i64) } else { x.to_bits() as i64 };
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0,
        (false, false) => order(a).abs_diff(order(b)),
        _ => u64::MAX,
    }
}

/// The number whose bits are written to the base 64.
fn number(digits: &str) -> f64 {
    let digit = |c: u8| match c {
        b'0'..=b'9' => c - b'0',
        b'A'..=b'Z' => c - b'A' + 10,
        b'a'..=b'z' => c - b'a' + 36,
        b'+' => 62,
        b'-' => 63,
        _ => panic!("not a digit: {c}"),
    };
    f64::from_bits(digits.bytes().fold(0, |bits, c| bits << 6 | u64::from(digit(c))))
}

#[test]
fn f64_agrees_with_mpmath() {
    let lines = include_str!("../../../tests/fixtures/elementary.txt").lines();
    // A line with one word is the name of the function of those after it.
    let mut name = "";
    let mut cases: Vec<(&str, Vec<f64>)> = Vec::new();
    for line in lines {
        if line.contains(' ') {
            cases.push((name, line.split(' ').map(number).collect()));
        } else {
            name = line;
        }
    }
    assert!(cases.len() > 4000);
    let function = |name: &str| Function::ALL.iter().copied().find(|f| format!("{f:?}") == name);
    at_each_level(|| {
        for (name, numbers) in &cases {
            let mut y = [0.0];
            let limit = match function(name) {
                Some(f) => {
                    f64::map(f, &numbers[..1], &mut y);
                    bound(f)
                }
                None => {
                    assert_eq!(*name, "Pow");
                    pow(&numbers[..1], &numbers[1..2], &mut y);
                    2.0
                }
            };
            let exact = *numbers.last().unwrap();
            let off = distance(y[0], exact);
            assert!(off as f64 <= limit, "{name} of {numbers:?} gave {:e}, {off} off at {}", y[0], level());
        }
    });
}

/// The values at -∞, -0, 0, ∞: those of C, or limits.
fn corners(f: Function) -> [f64; 4] {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let half_pi = std::f64::consts::FRAC_PI_2;
    match f {
        Exp | Exp2 => [0.0, 1.0, 1.0, inf],
        Expm1 => [-1.0, -0.0, 0.0, inf],
        Ln | Log2 | Log10 => [nan, -inf, -inf, inf],
        Log1p => [nan, -0.0, 0.0, inf],
        Sinh | Asinh => [-inf, -0.0, 0.0, inf],
        Cosh => [inf, 1.0, 1.0, inf],
        Tanh | Erf => [-1.0, -0.0, 0.0, 1.0],
        Acosh => [nan, nan, nan, inf],
        Atanh | Asin | Sin | Tan => [nan, -0.0, 0.0, nan],
        Sigmoid => [0.0, 0.5, 0.5, 1.0],
        Silu | Gelu | GeluTanh => [nan, -0.0, 0.0, inf],
        Softplus => [0.0, std::f64::consts::LN_2, std::f64::consts::LN_2, inf],
        Erfc => [2.0, 1.0, 1.0, 0.0],
        Cos => [nan, 1.0, 1.0, nan],
        Acos => [nan, half_pi, half_pi, nan],
        Atan => [-half_pi, -0.0, 0.0, half_pi],
    }
}

fn test_corners<E: Coefficients + Elementary + Debug>() {
    let arguments = [f64::NEG_INFINITY, -0.0, 0.0, f64::INFINITY].map(E::from_f64);
    at_each_level(|| {
        for &f in Function::ALL {
            let mut y = [E::ZERO; 4];
            E::map(f, &arguments, &mut y);
            let expected = corners(f).map(E::from_f64);
            // Printed, so that -0 is not 0 and NaN is NaN.
            assert_eq!(format!("{y:?}"), format!("{expected:?}"), "{f:?} at {}", level());
            let mut nan = [E::from_f64(f64::NAN)];
            E::map_in_place(f, &mut nan);
            assert!(nan[0].is_nan(), "{f:?} of NaN at {}", level());
        }
    });
}

#[test]
fn infinities_zeros_and_nan() {
    test_corners::<f32>();
    test_corners::<f64>();
}

/// Found among all floats, where an earlier formula was further off than its bound.
#[test]
fn the_hardest_arguments() {
    at_each_level(|| {
        for (f, x) in [
            (Tan, 97_277.84_f32),
            (Tan, -97_277.84),
            (Acosh, 1.007),
            (Gelu, -1.821_369_3),
            (Silu, -3.206_822),
        ] {
            let mut y = [0.0];
            f32::map(f, &[x], &mut y);
            let error = ulps(y[0], reference(f, x.into()));
            assert!(error <= bound(f), "{f:?} of {x} is {error} ulp off at {}", level());
        }
    });
}

#[test]
fn where_the_formulas_of_std_fail() {
    at_each_level(|| {
        for (f, x, expected) in [
            (Asinh, f32::MAX, 89.415_985),
            (Asinh, f32::MIN, -89.415_985),
            (Atanh, -0.999_999_94, -8.664_34),
            (Acosh, f32::MAX, 89.415_985),
        ] {
            let mut y = [0.0];
            f32::map(f, &[x], &mut y);
            assert!((y[0] - expected).abs() <= 1e-5, "{f:?} of {x} is {}", y[0]);
        }
    });
}

#[test]
fn pow_of_f32() {
    let x: Vec<f32> = floats(104_729).collect();
    let y: Vec<f32> =
        floats(104_729).map(|y| f32::from_bits(y.to_bits().wrapping_mul(747_796_405))).collect();
    let near: Vec<f32> = (0..20_000u32).map(|i| 0.01 + (i * 7919 % 20_011) as f32 / 977.0).collect();
    let exponents: Vec<f32> =
        near.iter().map(|&x| (x * 1e4 % 160.0 - 80.0) / x.ln().abs().max(0.05)).collect();
    at_each_level(|| {
        for (x, y) in [(&x, &y), (&near, &exponents)] {
            let mut z = vec![0.0; x.len()];
            pow(x, y, &mut z);
            for ((&x, &y), z) in x.iter().zip(y).zip(z) {
                let exact = libm::pow(x.into(), y.into());
                assert!(ulps(z, exact) <= 2.0, "{x:e}^{y:e} gave {z:e}, not {exact:e}, at {}", level());
            }
        }
    });
}

fn test_corners_of_pow<E: Coefficients + Debug>(exact_pow: fn(f64, f64) -> f64) {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let numbers = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1e30, 1e-30, -1e30, inf, -inf, nan];
    at_each_level(|| {
        for y in numbers {
            let x = numbers.map(E::from_f64);
            let mut one = x;
            dispatch(Pow { x: Elements::in_place(&mut one), y: &[E::from_f64(y)] });
            let mut each = x;
            pow(&x, &[E::from_f64(y); 16], &mut each);
            assert_eq!(format!("{one:?}"), format!("{each:?}"));
            for (&x, z) in numbers.iter().zip(one) {
                let exact = exact_pow(E::from_f64(x).as_f64(), E::from_f64(y).as_f64());
                let expected = E::from_f64(exact);
                let close = (z - expected).as_f64().abs() <= 1e-6 * exact.abs();
                let kind = |z: E| (z.is_nan(), !z.is_nan() && z.is_sign_negative(), z.is_infinite());
                assert!(
                    kind(z) == kind(expected) && (close || z == expected || z.is_nan()),
                    "{x}^{y} gave {z:?}"
                );
            }
        }
    });
}

#[test]
fn corner_cases_of_pow() {
    test_corners_of_pow::<f32>(libm::pow);
    test_corners_of_pow::<f64>(libm::pow);
}

fn test_places<E: Coefficients + Elementary + Debug>() {
    let x: Vec<E> = (0..150).map(|i| E::from_f64(f64::from(i * 37 % 90) * 0.31 - 13.7)).collect();
    for &f in Function::ALL {
        let mut of_levels = Vec::new();
        for l in Level::ALL {
            with_level(l, || {
                let mut single = x.clone();
                single.chunks_mut(1).for_each(|x| E::map_in_place(f, x));
                for n in (0..=70).chain([95, 96, 111, 127, 128, 129, 140]) {
                    let offset = n % 7;
                    let expected = format!("{:?}", &single[offset..offset + n]);
                    let mut y = [E::from_f64(9.0); 150];
                    E::map(f, &x[offset..offset + n], &mut y[5..5 + n]);
                    assert_eq!(format!("{:?}", &y[5..5 + n]), expected, "{f:?} of {n} at {l}");
                    assert!(y[..5].iter().chain(&y[5 + n..]).all(|&y| y == E::from_f64(9.0)));
                    let mut y = x.clone();
                    E::map_in_place(f, &mut y[offset..offset + n]);
                    assert_eq!(
                        format!("{:?}", &y[offset..offset + n]),
                        expected,
                        "{f:?} of {n} in place at {l}"
                    );
                    assert_eq!(y[offset + n..], x[offset + n..]);
                }
                of_levels.push(format!("{single:?}"));
            });
        }
        assert_eq!(of_levels[1], of_levels[2], "{f:?} has the same bits at every level with FMA");
    }
}

#[test]
fn a_result_depends_on_its_element_alone() {
    test_places::<f32>();
    test_places::<f64>();
}

#[test]
#[should_panic(expected = "as many results as arguments")]
fn the_lengths_must_agree() {
    f32::map(Exp, &[0.0; 3], &mut [0.0; 2]);
}
