//! The error function and GELU.
//!
//! erfc x = exp(-x²) · erfcx x, and (x + c) erfcx x is a polynomial of (x - c) / (x + c) over the whole range in
//! which erfc is not 0. The square comes with its rounding error, so that erfc is accurate to its smallest values. erf, which
//! is 1 long before that, has a quotient of two short polynomials as erfcx.
//! GELU has the same factor as a quotient of two polynomials with positive coefficients, in which nothing cancels.

use super::arithmetic::{constant, polynomial, two_product, two_sum};
use super::coefficients::Coefficients;
use super::exponential::{exp_parts, exp_terms_in_range, undefined_at_minus_infinity};
use crate::kernel::simd::Vector;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// erfc |x|.
#[inline(always)]
fn erfc_of_magnitude<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let z = V::splat(E::ERFCX_RANGE).min(x.abs());
    let c = V::splat(E::ERFCX_CENTER);
    let t = constant::<E, V>(1.0) / (z + c);
    let f = polynomial((z - c) * t, E::ERFCX) * t;
    let [square, error] = two_product(z, z);
    let [p, n] = exp_parts(-square, -error);
    (p * f).scale(n)
}

/// erf x for |x| up to `ERF_SMALL`.
#[inline(always)]
fn small_erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    polynomial(x * x, E::ERF).mul_add(x, x)
}

/// The error function. Beyond `ERF_SMALL`, erfc is below 0.19, so a rounding of it counts little.
#[inline(always)]
pub(in crate::kernel) fn erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let z = V::splat(E::ERF_ONE).min(x.abs());
    let f = polynomial(z, E::ERF_LARGE[0]) / polynomial(z, E::ERF_LARGE[1]);
    let [p, n] = exp_terms_in_range(-(z * z), constant(-0.0));
    let large = p.mul_add(f, f).neg_mul_add(n.exp2_int(), constant(1.0)).with_sign_of(x);
    V::select(x.abs().lt(V::splat(E::ERF_SMALL)), small_erf(x), large)
}

/// 1 - erf x.
#[inline(always)]
pub(in crate::kernel) fn erfc<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let e = erfc_of_magnitude(x);
    let large = V::select(x.lt(V::zero()), constant::<E, V>(2.0) - e, e);
    V::select(x.abs().lt(constant(0.6)), constant::<E, V>(1.0) - small_erf(x), large)
}

/// A polynomial by Horner's rule in x² over pairs of terms, which has half as many roundings in sequence; without FMA by
/// Horner's rule with the rounding errors of all its steps.
#[inline(always)]
fn careful_polynomial<E: Coefficients, V: Vector<E>>(x: V, square: V, c: &'static [E]) -> V {
    if V::FMA {
        let mut sum = V::zero();
        let mut i = c.len().next_multiple_of(2);
        while i > 0 {
            i -= 2;
            let pair = match c[i..] {
                [only] => V::splat(only),
                _ => x.mul_add(V::splat(c[i + 1]), V::splat(c[i])),
            };
            sum = if i + 2 >= c.len() { pair } else { sum.mul_add(square, pair) };
        }
        return sum;
    }
    let (mut sum, mut low) = (V::splat(c[c.len() - 1]), V::zero());
    for &c in c[..c.len() - 1].iter().rev() {
        let [product, error] = two_product(sum, x);
        let [next, error_of_sum] = two_sum(product, V::splat(c));
        (sum, low) = (next, low * x + (error + error_of_sum));
    }
    sum + low
}

/// p, r and n of the normal distribution at ±a, for a in [0, `GELU_RANGE`]: √(2π) times its density is (1 + p) 2ⁿ, and the
/// probability of what is beyond a is (1 + p) r 2ⁿ.
#[inline(always)]
fn normal<E: Coefficients, V: Vector<E>>(a: V) -> [V; 3] {
    let square = a * a;
    // Not by `map`, whose closure would be compiled for the baseline.
    let r = careful_polynomial(a, square, E::MILLS[0]) / careful_polynomial(a, square, E::MILLS[1]);
    if !V::FMA {
        let [exponent, error] = two_product(a, a * constant(-0.5));
        let [p, n] = exp_terms_in_range(exponent, error);
        return [p, r, n];
    }
    // As `exp_terms_in_range` of -a² / 2, but the half is in the coefficients, and a² is not rounded before n 2 ln 2, which is
    // exact, is added to it.
    let (two, half) = (E::from_f64(2.0), E::from_f64(-0.5));
    let n = (square * constant(-0.5 * std::f64::consts::LOG2_E)).round();
    let rest = a.mul_add(a, n * V::splat(two * E::LN_2_SUM[0]));
    let rest = n.mul_add(V::splat(two * E::LN_2_SUM[1]), rest);
    let (last, before) = (E::EXP[E::EXP.len() - 1], &E::EXP[..E::EXP.len() - 1]);
    let mut power = E::EXP.iter().fold(half, |power, _| power * half);
    let mut sum = V::splat(last * power);
    for &c in before.iter().rev() {
        power /= half;
        sum = sum.mul_add(rest, V::splat(c * power));
    }
    [sum.mul_add(rest, V::splat(half)) * rest, r, n]
}

/// |x|, at most `GELU_RANGE`; NaN stays.
#[inline(always)]
fn bounded_magnitude<E: Coefficients, V: Vector<E>>(x: V) -> V {
    V::splat(E::GELU_RANGE).min(x.abs())
}

/// x Φ(x); NaN at -∞.
#[inline(always)]
pub(in crate::kernel) fn gelu<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let a = bounded_magnitude(x);
    let [p, r, n] = normal(a);
    // The positive part less |x| Φ(-|x|), which is multiplied before 2ⁿ, so that it is rounded once if it is subnormal. Of
    // two zeros `max` takes x.
    let positive = constant::<E, V>(-0.0).max(x);
    undefined_at_minus_infinity(x, positive - r.mul_add(a, p * r * a).scale(n))
}

/// The derivative of GELU, Φ(x) + x dΦ/dx; NaN at ±∞.
#[inline(always)]
pub(in crate::kernel) fn gelu_derivative<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let a = bounded_magnitude(x);
    let [p, r, n] = normal(a);
    // It is w below 0 and 1 - w above, since the density is even.
    let density = constant::<E, V>(0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI);
    let share = a.neg_mul_add(density, r);
    let w = p.mul_add(share, share).scale(n);
    let derivative = V::select(x.lt(V::zero()), w, constant::<E, V>(1.0) - w);
    V::select(x.abs().eq(constant(f64::INFINITY)), constant(f64::NAN), derivative)
}
