//! eˣ and functions built from it.

use super::arithmetic::{constant, polynomial, two_product, two_sum};
use super::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// p and n of e^(x + low) = p 2ⁿ, where `low` is small beside 1. Exact reduction by ln 2, then a polynomial.
#[inline(always)]
pub(in crate::kernel) fn exp_parts<E: Coefficients, V: Vector<E>>(x: V, low: V) -> [V; 2] {
    // In this order NaN stays NaN.
    let [p, n] = exp_terms_in_range(V::splat(E::EXP_RANGE[1]).min(V::splat(E::EXP_RANGE[0]).max(x)), low);
    [p + constant(1.0), n]
}

/// p and n of e^(x + low) = (1 + p) 2ⁿ, for x in `EXP_RANGE`.
#[inline(always)]
pub(super) fn exp_terms_in_range<E: Coefficients, V: Vector<E>>(x: V, low: V) -> [V; 2] {
    let n = (x * constant(std::f64::consts::LOG2_E)).round();
    let r = n.neg_mul_add(V::splat(E::LN_2_SUM[0]), x);
    let p = if V::FMA {
        let r = n.neg_mul_add(V::splat(E::LN_2_SUM[1]), r) + low;
        (r * r).mul_add(polynomial(r, E::EXP), r)
    } else {
        // Without FMA there are more roundings, so that of r is kept.
        let [r, error] = two_sum(r, -(n * V::splat(E::LN_2_SUM[1])));
        let [r, error_of_low] = two_sum(r, low);
        r + (r * r * polynomial(r, E::EXP) + (error + error_of_low))
    };
    [p, n]
}

/// eˣ.
#[inline(always)]
pub(in crate::kernel) fn exp<E: Coefficients, V: Vector<E>>(x: V) -> V {
    if !V::FMA {
        // An addition of -0 is none, and one of 0 is.
        let [p, n] = exp_parts(x, constant(-0.0));
        return p.scale(n);
    }
    // In this order NaN stays NaN.
    let x = V::splat(E::EXP_RANGE[1]).min(V::splat(E::EXP_RANGE[0]).max(x));
    let n = (x * constant(std::f64::consts::LOG2_E)).round();
    let r = n.neg_mul_add(V::splat(E::LN_2_SUM[1]), n.neg_mul_add(V::splat(E::LN_2_SUM[0]), x));
    // The first terms, 1 + r, by Horner's rule as well: one operation less, and errors that are as small, where r is.
    let one = constant(1.0);
    polynomial(r, E::EXP).mul_add(r, one).mul_add(r, one).scale(n)
}

/// 2ˣ.
#[inline(always)]
pub(in crate::kernel) fn exp2<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [least, most] = E::EXP_RANGE;
    let log2_e = E::from_f64(std::f64::consts::LOG2_E);
    let x = V::splat(most * log2_e).min(V::splat(least * log2_e).max(x));
    let n = x.round();
    let r = (x - n) * constant(std::f64::consts::LN_2);
    let p = (r * r).mul_add(polynomial(r, E::EXP), r);
    (p + constant(1.0)).scale(n)
}

/// (eˣ - 1) / 4, for x that is neither tiny nor below `EXPM1_LEAST`.
#[inline(always)]
fn quarter_expm1<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let n = (x * V::splat(E::from_f64(std::f64::consts::LOG2_E))).round();
    let r = n.neg_mul_add(V::splat(E::LN_2_SUM[0]), x);
    let r = n.neg_mul_add(V::splat(E::LN_2_SUM[1]), r);
    let q = (r * r).mul_add(polynomial(r, E::EXP), r);
    let s = (n - constant(2.0)).exp2_int();
    q.mul_add(s, s - constant(0.25))
}

/// `x` where its magnitude is so small that only the first term of a series counts, `other` elsewhere.
#[inline(always)]
pub(in crate::kernel) fn tiny_or<E: Coefficients, V: Vector<E>>(x: V, other: V) -> V {
    let tiny = V::splat(E::epsilon() * E::epsilon());
    V::select(x.abs().lt(tiny), x, other)
}

/// eˣ - 1.
#[inline(always)]
pub(in crate::kernel) fn expm1<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let moved = V::splat(E::EXP_RANGE[1]).min(V::splat(E::EXPM1_LEAST).max(x));
    tiny_or(x, quarter_expm1(moved) * constant(4.0))
}

/// (eˣ - e⁻ˣ) / 2, of t = (e^|x| - 1) / 4: 2 (t + t / (4 t + 1)).
#[inline(always)]
pub(in crate::kernel) fn sinh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let t = quarter_expm1(V::splat(E::EXP_RANGE[1]).min(x.abs()));
    let half = t + t / t.mul_add(constant(4.0), constant(1.0));
    tiny_or(x, (half * constant(2.0)).with_sign_of(x))
}

/// (eˣ + e⁻ˣ) / 2.
#[inline(always)]
pub(in crate::kernel) fn cosh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [p, n] = exp_parts(x.abs(), constant(-0.0));
    let half = p.scale(n - constant(1.0));
    half + constant::<E, V>(0.25) / half
}

/// tanh x, of t = (e^2|x| - 1) / 4: t / (t + 1/2).
#[inline(always)]
pub(in crate::kernel) fn tanh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let moved = V::splat(E::TANH_ONE).min(x.abs());
    let t = quarter_expm1(moved + moved);
    tiny_or(x, (t / (t + constant(0.5))).with_sign_of(x))
}

/// scale / (1 + e⁻ˣ), x as a sum, without overflow.
#[inline(always)]
fn scaled_sigmoid<E: Coefficients, V: Vector<E>>(x: V, low: V, scale: V) -> V {
    let one: V = constant(1.0);
    // In this order NaN stays NaN.
    let exponent = V::splat(E::EXP_RANGE[1]).min(V::splat(E::EXP_RANGE[0]).max(-x.abs()));
    let [p, n] = exp_terms_in_range(exponent, low.bit_xor(x.sign_bit()).neg());
    // (1 + p) scale with the roundings of one operation; before 2ⁿ, so that it is rounded once if it is subnormal.
    let above = V::select(x.lt(V::zero()), p.mul_add(scale, scale).scale(n), scale);
    above / ((p + one).scale(n) + one)
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub(in crate::kernel) fn sigmoid<E: Coefficients, V: Vector<E>>(x: V) -> V {
    scaled_sigmoid(x, V::zero(), constant(1.0))
}

/// x / (1 + e⁻ˣ); NaN at -∞.
#[inline(always)]
pub(in crate::kernel) fn silu<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let finite = least_finite(x);
    undefined_at_minus_infinity(x, scaled_sigmoid(finite, V::zero(), finite))
}

/// x / (1 + e⁻²ᵘ) for u = √(2/π) (x + 0.044715 x³): x (1 + tanh u) / 2 without cancellation; NaN at -∞.
///
/// 2 u is a sum of two floats, since the exponential makes its absolute error a relative one.
#[inline(always)]
pub(in crate::kernel) fn gelu_tanh<E: Coefficients, V: Vector<E>>(argument: V) -> V {
    let x = least_finite(argument);
    // 2 u is out of the exponential's range where this differs from x.
    let a = V::splat(-E::EXP_RANGE[0]).min(x);
    let [square, square_low] = two_product(a, a);
    let [cubic, cubic_low] = two_product(square, V::splat(E::GELU_CUBIC[0]));
    let low = square.mul_add(V::splat(E::GELU_CUBIC[1]), square_low * V::splat(E::GELU_CUBIC[0])) + cubic_low;
    let [sum, sum_low] = two_sum(V::splat(E::GELU[0]), cubic);
    let low = (low + V::splat(E::GELU[1])) + sum_low;
    let [u, u_low] = two_product(a, sum);
    let u_low = V::select(u.abs().lt(V::splat(-E::EXP_RANGE[0])), low.mul_add(a, u_low), V::zero());
    undefined_at_minus_infinity(argument, scaled_sigmoid(u, u_low, x))
}

/// `y`; NaN where x is -∞, which PyTorch multiplies by 0.
#[inline(always)]
pub(super) fn undefined_at_minus_infinity<E: Coefficients, V: Vector<E>>(x: V, y: V) -> V {
    V::select(x.eq(constant(f64::NEG_INFINITY)), constant(f64::NAN), y)
}

/// -∞ becomes a finite number that is large enough.
#[inline(always)]
fn least_finite<E: Coefficients, V: Vector<E>>(x: V) -> V {
    V::splat(E::EXP_RANGE[0] * E::from_f64(2.0)).max(x)
}

/// ln(1 + eˣ).
#[inline(always)]
pub(in crate::kernel) fn softplus<E: Coefficients, V: Vector<E>>(x: V) -> V {
    // In this order NaN stays NaN.
    V::zero().max(x) + softplus_beyond(exp(-x.abs()))
}

/// The difference of ln(1 + eˣ) and the larger of x and 0: ln(1 + e) of e = e^-|x|, as 2 artanh s for s = e / (2 + e).
#[inline(always)]
pub(in crate::kernel) fn softplus_beyond<E: Coefficients, V: Vector<E>>(e: V) -> V {
    let s = e / (e + constant(2.0));
    let z = s * s;
    (s * z).mul_add(polynomial(z, E::LN_TO_2), s + s)
}
