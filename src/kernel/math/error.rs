//! The error function and GELU.
//!
//! erfc x = exp(-x²) · erfcx x, and (x + c) erfcx x is a polynomial of (x - c) / (x + c) over the whole range in
//! which erfc is not 0. The square comes with its rounding error, so that erfc is accurate to its smallest values.

use super::arithmetic::{constant, polynomial, two_product};
use super::coefficients::Coefficients;
use super::exponential::{exp_parts, undefined_at_minus_infinity};
use crate::kernel::simd::Vector;

/// p and n of exp(-square) · f(z) = p 2ⁿ for z ≥ 0, where `square` is a sum, and (z + c) f(z) is the polynomial of
/// (z - c) / (z + c).
#[inline(always)]
fn tail<E: Coefficients, V: Vector<E>>(z: V, c: V, polynomial_of: &'static [E], square: [V; 2]) -> [V; 2] {
    let t = constant::<E, V>(1.0) / (z + c);
    let f = polynomial((z - c) * t, polynomial_of) * t;
    let [p, n] = exp_parts(-square[0], -square[1]);
    [p * f, n]
}

/// erfc |x|.
#[inline(always)]
fn erfc_of_magnitude<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let z = V::splat(E::ERFCX_RANGE).min(x.abs());
    let [p, n] = tail(z, V::splat(E::ERFCX_CENTER), E::ERFCX, two_product(z, z));
    p.scale(n)
}

/// erf x for |x| up to `ERF_SMALL`.
#[inline(always)]
fn small_erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    polynomial(x * x, E::ERF).mul_add(x, x)
}

/// The error function.
#[inline(always)]
pub(in crate::kernel) fn erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let large = (constant::<E, V>(1.0) - erfc_of_magnitude(x)).with_sign_of(x);
    V::select(x.abs().lt(V::splat(E::ERF_SMALL)), small_erf(x), large)
}

/// 1 - erf x.
#[inline(always)]
pub(in crate::kernel) fn erfc<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let e = erfc_of_magnitude(x);
    let large = V::select(x.lt(V::zero()), constant::<E, V>(2.0) - e, e);
    V::select(x.abs().lt(constant(0.6)), constant::<E, V>(1.0) - small_erf(x), large)
}

/// x Φ(x) = x erfc(-x / √2) / 2; NaN at -∞.
///
/// √2 is in the coefficients, since a rounded argument would be amplified by the exponential.
#[inline(always)]
pub(in crate::kernel) fn gelu<E: Coefficients, V: Vector<E>>(argument: V) -> V {
    let sqrt_2 = E::from_f64(std::f64::consts::SQRT_2);
    let bound = E::ERFCX_RANGE * sqrt_2;
    let x = V::splat(-bound).max(argument);
    let a = V::splat(bound).min(x.abs());
    let [square, error] = two_product(a, a);
    let (half, one) = (constant::<E, V>(0.5), constant::<E, V>(1.0));
    let c = V::splat(E::ERFCX_CENTER * sqrt_2);
    let [p, n] = tail(a, c, E::GELU_TAIL, [square * half, error * half]);
    let large = V::select(x.lt(V::zero()), (p * x).scale(n), x * (one - p.scale(n)));
    let small = x * polynomial(square, E::GELU_SMALL).mul_add(x, half);
    undefined_at_minus_infinity(argument, V::select(a.lt(constant(0.85)), small, large))
}
