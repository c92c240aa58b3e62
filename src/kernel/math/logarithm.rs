//! The logarithms and the inverse hyperbolic functions.

use super::arithmetic::{constant, polynomial, splat_each, two_product, two_sum};
use super::coefficients::Coefficients;
use super::exponential::tiny_or;
use crate::kernel::simd::{Mask, Vector};

/// e and f of x = 2ᵉ (1 + f), with 1 + f in [√½, √2), for a positive normal x.
#[inline(always)]
fn split_normal<E: Coefficients, V: Vector<E>>(x: V) -> [V; 2] {
    let shifted = x.int_add(V::splat_bits(E::ONE_LESS_SQRT_HALF));
    let biased = shifted.shr(E::MANTISSA).bit_or(V::splat(E::INTEGER_BITS[0]));
    let m = shifted.bit_and(V::splat_bits(E::FRACTION)).int_add(V::splat_bits(E::SQRT_HALF));
    [biased - V::splat(E::INTEGER_BITS[1]), m - constant(1.0)]
}

/// [`split_normal`] for any positive x.
#[inline(always)]
pub(in crate::kernel) fn split<E: Coefficients, V: Vector<E>>(x: V) -> [V; 2] {
    let subnormal = x.lt(V::splat(E::min_positive_value()));
    let x = V::select(subnormal, x * V::splat(E::SUBNORMAL[0]), x);
    let [e, f] = split_normal(x);
    [e - V::select(subnormal, V::splat(E::SUBNORMAL[1]), V::zero()), f]
}

/// s (f²/2 + R) and f²/2, whose difference from f is ln(1 + f).
#[inline(always)]
fn terms<E: Coefficients, V: Vector<E>>(f: V) -> [V; 2] {
    let s = f / (f + constant(2.0));
    let z = s * s;
    let h = f * f * constant(0.5);
    [s * z.mul_add(polynomial(z, E::LN), h), h]
}

/// e ln 2 + ln(1 + f) + c.
#[inline(always)]
fn combine<E: Coefficients, V: Vector<E>>(e: V, f: V, c: V) -> V {
    let [t, h] = terms(f);
    let low = t + e.mul_add(V::splat(E::LN_2_SUM[1]), c);
    e.mul_add(V::splat(E::LN_2_SUM[0]), f - (h - low))
}

/// `value` where x is positive and finite; -∞ at 0, ∞ at ∞, NaN for the rest.
#[inline(always)]
fn logarithm_of<E: Coefficients, V: Vector<E>>(x: V, value: V) -> V {
    let inside = x.gt(V::zero()).and(x.lt(constant(f64::INFINITY)));
    let negative = V::select(x.eq(V::zero()), constant(f64::NEG_INFINITY), constant(f64::NAN));
    V::select(inside, value, V::select(x.le(V::zero()), negative, x))
}

/// ln x.
#[inline(always)]
pub(in crate::kernel) fn ln<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [e, f] = split(x);
    logarithm_of(x, combine(e, f, V::zero()))
}

/// ln(1 + f) as a sum, the first with half of the bits.
#[inline(always)]
fn halves<E: Coefficients, V: Vector<E>>(f: V) -> [V; 2] {
    let [t, h] = terms(f);
    let high = (f - h).bit_and(V::splat_bits(E::UPPER_HALF));
    [high, ((f - high) - h) + t]
}

/// log₂ x.
#[inline(always)]
pub(in crate::kernel) fn log2<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [e, f] = split(x);
    let [high, low] = halves(f);
    let c = splat_each::<E, V, _>(E::INV_LN_2);
    let small = (low + high).mul_add(c[1], low * c[0]);
    let [sum, error] = two_sum(e, high * c[0]);
    logarithm_of(x, sum + (error + small))
}

/// log₁₀ x.
#[inline(always)]
pub(in crate::kernel) fn log10<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [e, f] = split(x);
    let [high, low] = halves(f);
    let c = splat_each::<E, V, _>(E::INV_LN_10);
    let small = e.mul_add(V::splat(E::LOG10_2_SUM[1]), (low + high).mul_add(c[1], low * c[0]));
    let [sum, error] = two_sum(e * V::splat(E::LOG10_2_SUM[0]), high * c[0]);
    logarithm_of(x, sum + (error + small))
}

/// ln(1 + x), or ln x + ln 2 where `large`.
#[inline(always)]
fn log1p_or_double<E: Coefficients, V: Vector<E>>(x: V, large: V::Mask) -> V {
    let [sum, error] = two_sum(constant(1.0), x);
    let sum = V::select(large, x, sum);
    let [e, f] = split_normal(sum);
    // error / sum, to 1 %: 1 / (1 + f) as a parabola. The error does not count for sums from 2⁶⁰.
    let parabola = f.mul_add(constant(0.914_15), constant(-1.080_62)).mul_add(f, constant(1.005));
    let c = error * parabola * (-constant::<E, V>(60.0).min(e)).exp2_int();
    let c = V::select(large, V::zero(), c);
    let near = e.eq(V::zero());
    let (f, c) = (V::select(near, x, f), V::select(near, V::zero(), c));
    combine(e + V::select(large, constant(1.0), V::zero()), f, c)
}

/// ln(1 + x).
#[inline(always)]
pub(in crate::kernel) fn log1p<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let value = log1p_or_double(x, x.ne(x));
    tiny_or(x, logarithm_of(x + constant(1.0), value))
}

/// ln(x + √(x² + 1)): log1p(|x| + x² / (1 + √(x² + 1))), with the sign of x.
#[inline(always)]
pub(in crate::kernel) fn asinh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let a = x.abs();
    let large = a.ge(V::splat(E::AREA_LARGE));
    let square = a * a;
    let y = a + square / ((square + constant(1.0)).sqrt() + constant(1.0));
    let value = log1p_or_double(V::select(large, a, y), large).with_sign_of(x);
    let finite = a.lt(constant(f64::INFINITY));
    tiny_or(x, V::select(finite, value, x))
}

/// ln(x + √(x² - 1)): log1p(t + √(2 t + t²)) for t = x - 1; NaN below 1.
#[inline(always)]
pub(in crate::kernel) fn acosh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let large = x.ge(V::splat(E::AREA_LARGE));
    let t = x - constant(1.0);
    let [y, error] = two_sum(t.mul_add(t, t + t).sqrt(), t);
    let value = log1p_or_double(V::select(large, x, y), large);
    let value = value + V::select(large, V::zero(), error / (y + constant(1.0)));
    let value = V::select(x.lt(constant(f64::INFINITY)), value, x);
    V::select(x.lt(constant(1.0)), constant(f64::NAN), value)
}

/// ln((1 + x) / (1 - x)) / 2: log1p(2 a / (1 - a)) / 2 for a = |x|, with the sign of x; NaN beyond 1.
#[inline(always)]
pub(in crate::kernel) fn atanh<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let a = x.abs();
    let one = constant(1.0);
    let (n, [d, error]) = (a + a, two_sum(one, -a));
    let y = n / d;
    // n / (1 - a) - y, and from it the difference of their logarithms.
    let [product, rounded] = two_product(y, d);
    let more = (n - product - rounded - y * error) / d;
    let value = (log1p_or_double(y, y.ne(y)) + more / (y + one)) * constant(0.5);
    let edge = V::select(a.eq(one), constant(f64::INFINITY), constant(f64::NAN));
    tiny_or(x, V::select(a.lt(one), value, edge).with_sign_of(x))
}
