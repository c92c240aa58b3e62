//! The trigonometric functions and their inverses.

use super::arithmetic::{constant, less_products, polynomial, two_product, two_sum};
use super::coefficients::Coefficients;
use crate::kernel::simd::{MOST_LANES, Mask, Vector};

/// r and n of x = n π / 2 + r, |r| ≤ π / 4, by Cody and Waite: π / 2 as a sum whose products with n are exact, or
/// are not rounded before they are subtracted.
#[inline(always)]
fn reduce<E: Coefficients, V: Vector<E>>(x: V) -> [V; 2] {
    if !V::FMA {
        return reduce_rounding_once(x);
    }
    let n = quarters(x);
    [less_products(x, n, E::HALF_PI_FMA), n]
}

/// The nearest number of quarters of a turn.
#[inline(always)]
fn quarters<E: Coefficients, V: Vector<E>>(x: V) -> V {
    (x * V::splat(E::from_f64(std::f64::consts::FRAC_2_PI))).round()
}

/// As [`reduce`], where r is rounded once with FMA as well.
#[inline(always)]
fn reduce_rounding_once<E: Coefficients, V: Vector<E>>(x: V) -> [V; 2] {
    let n = quarters(x);
    let (exact, rest) = if V::FMA { E::HALF_PI_FMA.split_at(1) } else { E::HALF_PI_EXACT.split_at(2) };
    let r = less_products(x, n, exact);
    let [next, rest @ ..] = rest else { return [r, n] };
    // Up to here everything is exact. The rounding error of the next part is added to the rest.
    let [product, error] =
        if V::FMA { two_product(n, V::splat(*next)) } else { [n * V::splat(*next), V::zero()] };
    let [r, low] = two_sum(r, -product);
    let low = less_products(low - error, n, rest);
    [r + low, n]
}

/// The sine and the cosine of |r| ≤ π / 4.
#[inline(always)]
fn sin_cos<E: Coefficients, V: Vector<E>>(r: V) -> [V; 2] {
    let z = r * r;
    let sin = (r * z).mul_add(polynomial(z, E::SIN), r);
    let (one, half) = (constant::<E, V>(1.0), z * constant(0.5));
    let w = one - half;
    let cos = w + (z * z).mul_add(polynomial(z, E::COS), (one - w) - half);
    [sin, cos]
}

/// Where the lowest bit of the integer n is 1, and its next bit at the position of the sign.
#[inline(always)]
fn quadrant<E: Coefficients, V: Vector<E>>(n: V) -> (V::Mask, V) {
    let bits = n + V::splat(E::INTEGER_IN_LOW_BITS);
    // An odd integer's lowest bit becomes the sign of what is then negative.
    let odd = bits.shl(E::TO_SIGN);
    let odd = odd.bit_or(constant(1.0)).lt(V::zero());
    (odd, bits.shr(1).shl(E::TO_SIGN))
}

/// `value`, but `exact` of the arguments that are too large for [`reduce`], one by one.
#[inline(always)]
fn unless_large<E: Coefficients, V: Vector<E>>(x: V, value: V, exact: impl Fn(E) -> E) -> V {
    let range = E::TRIGONOMETRIC_RANGE[usize::from(V::FMA)];
    if !x.abs().gt(V::splat(range)).any() {
        return value;
    }
    let (mut from, mut to) = ([E::ZERO; MOST_LANES], [E::ZERO; MOST_LANES]);
    x.store(&mut from);
    value.store(&mut to);
    for (x, y) in from.iter().zip(&mut to).take(V::LANES) {
        if num_traits::Float::abs(*x) > range {
            *y = exact(*x);
        }
    }
    V::load(&to)
}

/// sin x.
#[inline(always)]
pub(in crate::kernel) fn sin<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [r, n] = reduce(x);
    let [sin, cos] = sin_cos(r);
    let (odd, sign) = quadrant(n);
    let value = V::select(odd, cos, sin).bit_xor(sign);
    let value = V::select(x.eq(V::zero()), x, value);
    unless_large(x, value, |x| x.sin_cos_of_large().0)
}

/// cos x.
#[inline(always)]
pub(in crate::kernel) fn cos<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let [r, n] = reduce(x);
    let [sin, cos] = sin_cos(r);
    let (odd, _) = quadrant(n);
    // The cosine is the sine a quadrant later.
    let (_, sign) = quadrant(n + constant(1.0));
    let value = V::select(odd, sin, cos).bit_xor(sign);
    unless_large(x, value, |x| x.sin_cos_of_large().1)
}

/// tan x.
#[inline(always)]
pub(in crate::kernel) fn tan<E: Coefficients, V: Vector<E>>(x: V) -> V {
    // A quotient has the errors of two functions of r.
    let [r, n] = reduce_rounding_once(x);
    let [sin, cos] = sin_cos(r);
    let (odd, _) = quadrant(n);
    let value = V::select(odd, -cos, sin) / V::select(odd, sin, cos);
    let value = V::select(x.eq(V::zero()), x, value);
    unless_large(x, value, |x| {
        let (sin, cos) = x.sin_cos_of_large();
        sin / cos
    })
}

/// atan x: atan of x, of (x - 1) / (x + 1) or of -1 / x, plus 0, π / 4 or π / 2.
#[inline(always)]
pub(in crate::kernel) fn atan<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let a = x.abs();
    let one: V = constant(1.0);
    let (middle, large) = (a.gt(constant(0.414_213_562_373_095_03)), a.gt(constant(2.414_213_562_373_095)));
    let above = V::select(large, -one, V::select(middle, a - one, a));
    let below = V::select(large, a, V::select(middle, a + one, one));
    let part = V::select(large, constant(0.5), V::select(middle, constant(0.25), V::zero()));
    let t = above / below;
    let z = t * t;
    let low = (t * z).mul_add(polynomial(z, E::ATAN), part * V::splat(E::PI_SUM[1]));
    (part * V::splat(E::PI_SUM[0]) + (t + low)).with_sign_of(x)
}

/// t and w of asin t = t + w, for t = a up to 1/2, and √((1 - a) / 2) from there; and where that is.
#[inline(always)]
fn asin_terms<E: Coefficients, V: Vector<E>>(a: V) -> (V, V, V::Mask) {
    let large = a.gt(constant(0.5));
    let rest = (constant::<E, V>(1.0) - a) * constant(0.5);
    let root = rest.sqrt();
    let [square, error] = two_product(root, root);
    // The rounding error of the root.
    let low = ((rest - square) - error) / (root + root);
    let low = V::select(large.and(rest.gt(V::zero())), low, V::zero());
    let z = V::select(large, rest, a * a);
    let t = V::select(large, root, a);
    (t, (t * z).mul_add(polynomial(z, E::ASIN), low), large)
}

/// asin x; NaN beyond 1.
#[inline(always)]
pub(in crate::kernel) fn asin<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let (t, w, large) = asin_terms(x.abs());
    let two = constant(2.0);
    let half = [V::splat(E::PI_SUM[0]) * constant(0.5), V::splat(E::PI_SUM[1]) * constant(0.5)];
    let beside = (half[0] - t * two) - (w * two - half[1]);
    V::select(large, beside, t + w).with_sign_of(x)
}

/// acos x; NaN beyond 1.
#[inline(always)]
pub(in crate::kernel) fn acos<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let (t, w, large) = asin_terms(x.abs());
    // π/2 - asin, 2 asin √((1 - x) / 2), or π less that.
    let factor =
        V::select(large, constant::<E, V>(2.0).with_sign_of(x), constant::<E, V>(1.0).with_sign_of(-x));
    let (t, w) = (t * factor, w * factor);
    let part = V::select(large, V::select(x.gt(V::zero()), V::zero(), constant(1.0)), constant(0.5));
    (part * V::splat(E::PI_SUM[0]) + t) + (w + part * V::splat(E::PI_SUM[1]))
}
