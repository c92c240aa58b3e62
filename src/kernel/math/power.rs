//! xʸ = exp(y ln x), with ln x as the sum of two floats.

use super::arithmetic::{constant, fast_two_sum, polynomial, splat_each, two_product};
use super::coefficients::Coefficients;
use super::exponential::exp_parts;
use super::logarithm::split;
use crate::kernel::simd::{Mask, Vector};

/// ln a as a sum, for a positive finite a.
#[inline(always)]
fn ln_sum<E: Coefficients, V: Vector<E>>(a: V) -> [V; 2] {
    let [e, f] = split(a);
    let two = constant(2.0);
    // s = f / (2 + f).
    let [d, d_low] = fast_two_sum(two, f);
    let s = f / d;
    let [product, error] = two_product(s, d);
    let s_low = (((f - product) - error) - s * d_low) / d;
    // ln(1 + f) = 2 s + s³ (2/3 + z tail), z = s².
    let [z, z_low] = two_product(s, s);
    let z_low = (s + s).mul_add(s_low, z_low);
    let c = splat_each::<E, V, _>(E::TWO_THIRDS);
    let [t, t_low] = two_product(z, c[0]);
    let t_low = t_low + z.mul_add(c[1], z_low * c[0]) + z * z * polynomial(z, E::LN_TAIL);
    let [t, t_low] = fast_two_sum(t, t_low);
    let [u, u_low] = two_product(t, s);
    let u_low = u_low + t.mul_add(s_low, t_low * s);
    let [m, m_low] = fast_two_sum(s * two, u);
    let m_low = m_low + s_low.mul_add(two, u_low);
    let [sum, low] = fast_two_sum(e * V::splat(E::LN_2_SUM[0]), m);
    fast_two_sum(sum, low + e.mul_add(V::splat(E::LN_2_SUM[1]), m_low))
}

/// xʸ, with the corner cases of C's `pow`.
#[inline(always)]
pub(in crate::kernel) fn pow<E: Coefficients, V: Vector<E>>(x: V, y: V) -> V {
    let (a, one, zero) = (x.abs(), constant::<E, V>(1.0), V::zero());
    let infinity = constant(f64::INFINITY);
    let regular = a.gt(zero).and(a.lt(infinity));
    let [high, low] = ln_sum(a);
    let edge = V::select(a.eq(zero), -infinity, a);
    let [high, low] = [V::select(regular, high, edge), V::select(regular, low, zero)];
    let [power, error] = two_product(y, high);
    let bounded = power.abs().lt(constant(4096.0));
    let error = V::select(bounded, low.mul_add(y, error), zero);
    let [p, n] = exp_parts(power, error);
    let value = p.scale(n);

    let whole = y.round().eq(y);
    let half = y * constant(0.5);
    let odd = whole.and(half.round().ne(half));
    let value = V::select(odd, value.with_sign_of(x), value);
    let undefined = x.lt(zero).and(a.lt(infinity)).and(whole.not());
    let value = V::select(undefined, constant(f64::NAN), value);
    let minus_one = x.eq(-one).and(y.abs().eq(infinity));
    V::select(y.eq(zero).or(x.eq(one)).or(minus_one), one, value)
}
