//! The sigmoid and the hyperbolic tangent of many numbers.
//!
//! A recurrent layer computes five of them for each unit and step, which takes longer than its products if each is a
//! call of the platform's library. In `f32` they are polynomials without branches, which compilers turn into vectors,
//! and the same on every machine; in `f64` they are the library's.

use crate::kernel::elementwise::scalar::sigmoid;

/// The curves of gates, for an element type.
pub trait VectorMath: Sized {
    /// 1 / (1 + e⁻ˣ) for each x.
    #[doc(hidden)]
    fn sigmoid_all(x: &mut [Self]);
    /// tanh x for each x.
    #[doc(hidden)]
    fn tanh_all(x: &mut [Self]);
}

impl VectorMath for f64 {
    fn sigmoid_all(x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = sigmoid(*x));
    }
    fn tanh_all(x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = x.tanh());
    }
}

impl VectorMath for f32 {
    #[inline(never)]
    fn sigmoid_all(x: &mut [f32]) {
        x.iter_mut().for_each(|x| *x = 1.0 / (1.0 + exp(-*x)));
    }
    #[inline(never)]
    fn tanh_all(x: &mut [f32]) {
        x.iter_mut().for_each(|x| *x = tanh(*x));
    }
}

/// eˣ to two units in the last place, for x that is moved into ±87. NaN stays NaN.
///
/// x = n ln 2 + r with |r| at most ln 2 / 2; eʳ is a polynomial (Cephes, `expf`), and 2ⁿ is put together from its bits.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // 1.5 2²³: what is added to it is rounded to a whole number, which stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    // ln 2 in two parts; n times the first is exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2[0] - n * LN_2[1];
    let p = 1.987_569_1e-4 * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    (p * r * r + r + 1.0) * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// tanh x: near 0 a polynomial (Cephes, `tanhf`), elsewhere 1 - 2 / (e²ˣ + 1).
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let z = x * x;
    let p = -5.704_988_7e-3 * z + 2.063_909e-2;
    let p = p * z - 5.373_971_5e-2;
    let p = p * z + 1.333_144_2e-1;
    let p = p * z - 3.333_328e-1;
    let near = (p * z * x + x).copysign(x);
    let far = (1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0)).copysign(x);
    if x.abs() < 0.625 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_polynomials_agree_with_the_functions_in_double_precision() {
        for i in -200_000..=200_000 {
            let x = i as f32 * 1e-4 + (i % 7) as f32 * 1e-6;
            let (mut s, mut t) = ([x], [x]);
            f32::sigmoid_all(&mut s);
            f32::tanh_all(&mut t);
            let (sigmoid, tanh) = (1.0 / (1.0 + (-f64::from(x)).exp()), f64::from(x).tanh());
            assert!((f64::from(s[0]) - sigmoid).abs() <= 3e-7 * sigmoid, "{x}: {} {sigmoid}", s[0]);
            assert!((f64::from(t[0]) - tanh).abs() <= 3e-7 * tanh.abs(), "{x}: {} {tanh}", t[0]);
        }
    }

    #[test]
    fn the_ends_are_those_of_the_functions() {
        let mut s = [f32::NEG_INFINITY, -1e4, 0.0, 1e4, f32::INFINITY];
        f32::sigmoid_all(&mut s);
        assert!(s[0] < 1e-37 && s[1] < 1e-37);
        assert_eq!(s[2..], [0.5, 1.0, 1.0]);
        let mut t = [f32::NEG_INFINITY, -1e4, -0.0, 0.0, 1e-30, 1e4, f32::INFINITY];
        f32::tanh_all(&mut t);
        assert_eq!(t, [-1.0, -1.0, 0.0, 0.0, 1e-30, 1.0, 1.0]);
        assert!(t[2].is_sign_negative());
        let mut nan = [f32::NAN; 2];
        f32::sigmoid_all(&mut nan[..1]);
        f32::tanh_all(&mut nan[1..]);
        assert!(nan.iter().all(|x| x.is_nan()));
    }
}
