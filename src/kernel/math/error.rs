//! The error function and GELU.
//!
//! erfc x = exp(-x²) · erfcx x, and (1 + 2 x) erfcx x is a polynomial of (x - c) / (x + c) over the whole range in
//! which erfc is not 0. The square comes with its rounding error, so that erfc is accurate to its smallest values.

use super::arithmetic::{constant, polynomial, two_product};
use super::coefficients::Coefficients;
use super::exponential::exp_parts;
use crate::kernel::simd::Vector;

/// p and n of exp(-square) · erfcx(z) = p 2ⁿ for z in [0, `ERFCX_RANGE`], where `square` is z² as a sum.
#[inline(always)]
fn tail<E: Coefficients, V: Vector<E>>(z: V, square: [V; 2]) -> [V; 2] {
    let c = V::splat(E::ERFCX_CENTER);
    let erfcx = polynomial((z - c) / (z + c), E::ERFCX) / z.mul_add(constant(2.0), constant(1.0));
    let [p, n] = exp_parts(-square[0], -square[1]);
    [p * erfcx, n]
}

/// erfc |x|.
#[inline(always)]
fn erfc_of_magnitude<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let z = V::splat(E::ERFCX_RANGE).min(x.abs());
    let [p, n] = tail(z, two_product(z, z));
    p.scale(n)
}

/// erf x for |x| up to `ERF_SMALL`.
#[inline(always)]
fn small_erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    polynomial(x * x, E::ERF).mul_add(x, x)
}

/// The error function.
#[inline(always)]
pub(super) fn erf<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let large = (constant::<E, V>(1.0) - erfc_of_magnitude(x)).with_sign_of(x);
    V::select(x.abs().lt(V::splat(E::ERF_SMALL)), small_erf(x), large)
}

/// 1 - erf x.
#[inline(always)]
pub(super) fn erfc<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let e = erfc_of_magnitude(x);
    let large = V::select(x.lt(V::zero()), constant::<E, V>(2.0) - e, e);
    V::select(x.abs().lt(constant(0.47)), constant::<E, V>(1.0) - small_erf(x), large)
}

/// x Φ(x) = x erfc(-x / √2) / 2; -0 at -∞.
#[inline(always)]
pub(super) fn gelu<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let bound = E::ERFCX_RANGE * E::from_f64(std::f64::consts::SQRT_2);
    let x = V::splat(-bound).max(x);
    let a = V::splat(bound).min(x.abs());
    let [square, error] = two_product(a, a);
    let (half, one) = (constant(0.5), constant::<E, V>(1.0));
    let z = a * constant(std::f64::consts::FRAC_1_SQRT_2);
    let [p, n] = tail(z, [square * half, error * half]);
    let n = n - one;
    let large = V::select(x.lt(V::zero()), (p * x).scale(n), x * (one - p.scale(n)));
    let middle = x * small_erf(z).with_sign_of(x).mul_add(half, half);
    V::select(a.lt(constant(0.65)), middle, large)
}
