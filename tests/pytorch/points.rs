//! Functions of one element at points where a formula overflows, loses its digits or has a corner: held closer to PyTorch's
//! values than the other cases, to a few units in the last place. `points.py` wrote the file.

use crate::fixture::{Stored, fixture, numbers};
use safetensors::tensor::SafeTensors;
use std::collections::BTreeSet;
use typegrad::prelude::*;

/// The file, which functions were compared, and what differs.
struct Points {
    file: Vec<u8>,
    compared: BTreeSet<String>,
    wrong: String,
}

impl Points {
    fn read(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.file).expect("a safetensors file")
    }

    /// The points of a function, or its values or gradients there.
    fn column(&self, name: &str, column: &str) -> Vec<f64> {
        let file = self.read();
        let view = file.tensor(&format!("{name}:{column}")).unwrap_or_else(|_| panic!("no {name}:{column}"));
        assert_eq!(view.dtype(), f64::STORED_AS);
        numbers(view.data())
    }

    /// Values and gradients are equal, both NaN, or differ by little; values that are 0 have the same sign.
    fn compare(&mut self, name: &str, ours: [Vec<f64>; 2], relative: f64, absolute: f64) {
        let near = |ours: f64, expected: f64| {
            ours == expected
                || ours.is_nan() && expected.is_nan()
                || (ours - expected).abs() <= relative * expected.abs() + absolute
        };
        let expected = ["y", "dx"].map(|column| self.column(name, column));
        for (i, x) in self.column(name, "x").iter().enumerate() {
            let [[y, dx], [y_expected, dx_expected]] =
                [ours.each_ref().map(|v| v[i]), expected.each_ref().map(|v| v[i])];
            let sign = y != 0.0 || y.is_sign_negative() == y_expected.is_sign_negative();
            if !(near(y, y_expected) && sign) {
                self.wrong += &format!("{name} at {x}: {y}, PyTorch {y_expected}\n");
            }
            if !near(dx, dx_expected) {
                self.wrong += &format!("gradient of {name} at {x}: {dx}, PyTorch {dx_expected}\n");
            }
        }
        self.compared.insert(name.to_owned());
    }
}

/// Functions with elements of a type at so many points, where the gradient of the result is 3.
macro_rules! at_points {
    ($points:ident, $e:ident at $n:literal, within $absolute:literal: $($name:ident: $call:ident($($arg:expr),*);)+) => { $(
        let x: Vec<$e> = $points.column(stringify!($name), "x").iter().map(|x| *x as $e).collect();
        let x = Param::new(Tensor::<Rank1<$n>, $e>::try_from(x).unwrap());
        let y = x.track().$call($($arg),*);
        let values = y.to_vec().into_iter().map(f64::from).collect();
        (y * 3.0).sum().backward();
        let gradients = x.grad().unwrap().to_vec().into_iter().map(f64::from).collect();
        $points.compare(stringify!($name), [values, gradients], 16.0 * f64::from($e::EPSILON), $absolute);
    )+ };
}

#[test]
fn points() {
    let mut points =
        Points { file: fixture("points.safetensors"), compared: BTreeSet::new(), wrong: String::new() };
    exact(&mut points);
    coarse(&mut points);
    finite(&mut points);
    single_corners(&mut points);
    single(&mut points);
    large(&mut points);
    let names: BTreeSet<_> = points
        .read()
        .names()
        .iter()
        .map(|key| key.split(':').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(names, points.compared, "what is in the file is compared");
    assert!(points.wrong.is_empty(), "\n{}", points.wrong);
}

fn exact(points: &mut Points) {
    at_points! { points, f64 at 22, within 0.0:
        exp: exp();
        exp2: exp2();
        expm1: expm1();
        log2: log2();
        log10: log10();
        log1p: log1p();
        sqrt: sqrt();
        rsqrt: rsqrt();
        square: square();
        reciprocal: reciprocal();
        abs: abs();
        sign: sign();
        sin: sin();
        cos: cos();
        tan: tan();
        asin: asin();
        acos: acos();
        atan: atan();
        sinh: sinh();
        cosh: cosh();
        asinh: asinh();
        acosh: acosh();
        atanh: atanh();
        erf: erf();
        erfc: erfc();
        floor: floor();
        ceil: ceil();
        round: round();
        trunc: trunc();
        frac: frac();
        ln: ln();
        log_sigmoid: log_sigmoid();
        silu: silu();
        softplus_1_0_20_0: softplus(1.0, 20.0);
        softplus_minus_0_5_2_0: softplus(-0.5, 2.0);
        leaky_relu_0_01: leaky_relu(0.01);
        elu_1_0: elu(1.0);
        elu_minus_1_5: elu(-1.5);
        hardtanh_minus_1_0_1_0: hardtanh(-1.0, 1.0);
        relu6: relu6();
        hardswish: hardswish();
        threshold_0_5_7_0: threshold(0.5, 7.0);
        clamp_minus_0_75_2_5: clamp(-0.75, 2.5);
        clamp_1_0_minus_1_0: clamp(1.0, -1.0);
        clamp_nan_1_0: clamp(f64::NAN, 1.0);
        clip_0_0_nan: clip(0.0, f64::NAN);
        clamp_min_0_5: clamp_min(0.5);
        clamp_max_0_5: clamp_max(0.5);
    }
}

fn coarse(points: &mut Points) {
    at_points! { points, f64 at 22, within 1e-15:
        tanh: tanh();
        gelu: gelu();
        gelu_tanh: gelu_tanh();
        mish: mish();
        sigmoid: sigmoid();
    }
}

fn finite(points: &mut Points) {
    at_points! { points, f64 at 19, within 1e-15:
        softsign: softsign();
    }
}

fn single_corners(points: &mut Points) {
    at_points! { points, f32 at 22, within 0.0:
        hardsigmoid: hardsigmoid();
    }
}

fn single(points: &mut Points) {
    at_points! { points, f32 at 15, within 1e-6:
        exp_single: exp();
        exp2_single: exp2();
        expm1_single: expm1();
        log2_single: log2();
        log10_single: log10();
        log1p_single: log1p();
        sqrt_single: sqrt();
        rsqrt_single: rsqrt();
        square_single: square();
        reciprocal_single: reciprocal();
        abs_single: abs();
        sign_single: sign();
        sin_single: sin();
        cos_single: cos();
        tan_single: tan();
        asin_single: asin();
        acos_single: acos();
        atan_single: atan();
        sinh_single: sinh();
        cosh_single: cosh();
        asinh_single: asinh();
        acosh_single: acosh();
        atanh_single: atanh();
        erf_single: erf();
        erfc_single: erfc();
        floor_single: floor();
        ceil_single: ceil();
        round_single: round();
        trunc_single: trunc();
        frac_single: frac();
        ln_single: ln();
        log_sigmoid_single: log_sigmoid();
        silu_single: silu();
        softplus_1_0_20_0_single: softplus(1.0, 20.0);
        softplus_minus_0_5_2_0_single: softplus(-0.5, 2.0);
        leaky_relu_0_01_single: leaky_relu(0.01);
        elu_1_0_single: elu(1.0);
        elu_minus_1_5_single: elu(-1.5);
        hardtanh_minus_1_0_1_0_single: hardtanh(-1.0, 1.0);
        relu6_single: relu6();
        hardswish_single: hardswish();
        threshold_0_5_7_0_single: threshold(0.5, 7.0);
        clamp_minus_0_75_2_5_single: clamp(-0.75, 2.5);
        clamp_1_0_minus_1_0_single: clamp(1.0, -1.0);
        clamp_min_0_5_single: clamp_min(0.5);
        clamp_max_0_5_single: clamp_max(0.5);
        tanh_single: tanh();
        gelu_single: gelu();
        gelu_tanh_single: gelu_tanh();
        mish_single: mish();
        sigmoid_single: sigmoid();
        softsign_single: softsign();
    }
}

fn large(points: &mut Points) {
    at_points! { points, f32 at 10, within 1e-7:
        sigmoid_large: sigmoid();
        log_sigmoid_large: log_sigmoid();
        silu_large: silu();
        mish_large: mish();
        softplus_1_0_20_0_large: softplus(1.0, 20.0);
        softplus_minus_0_5_2_0_large: softplus(-0.5, 2.0);
        gelu_large: gelu();
        gelu_tanh_large: gelu_tanh();
        leaky_relu_0_01_large: leaky_relu(0.01);
        elu_1_0_large: elu(1.0);
        elu_minus_1_5_large: elu(-1.5);
        hardtanh_minus_1_0_1_0_large: hardtanh(-1.0, 1.0);
        relu6_large: relu6();
        hardsigmoid_large: hardsigmoid();
        hardswish_large: hardswish();
        softsign_large: softsign();
        threshold_0_5_7_0_large: threshold(0.5, 7.0);
    }
}
