//! Polynomials, and sums and products with their rounding errors.

use super::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// `x` in each lane.
#[inline(always)]
pub(in crate::kernel) fn constant<E: Coefficients, V: Vector<E>>(x: f64) -> V {
    V::splat(E::from_f64(x))
}

/// Each number in the lanes of a vector. A loop, since `map` is not inlined.
#[inline(always)]
pub(super) fn splat_each<E: Coefficients, V: Vector<E>, const N: usize>(numbers: [E; N]) -> [V; N] {
    let mut vectors = [V::zero(); N];
    for (vector, number) in vectors.iter_mut().zip(numbers) {
        *vector = V::splat(number);
    }
    vectors
}

/// start - Σ n c, one product after the other.
#[inline(always)]
pub(super) fn less_products<E: Coefficients, V: Vector<E>>(start: V, n: V, c: &'static [E]) -> V {
    let mut rest = start;
    for c in c {
        rest = n.neg_mul_add(V::splat(*c), rest);
    }
    rest
}

/// Σ cₖ xᵏ, by Horner's rule.
#[inline(always)]
pub(in crate::kernel) fn polynomial<E: Coefficients, V: Vector<E>>(x: V, c: &'static [E]) -> V {
    let mut sum = V::splat(c[c.len() - 1]);
    for &c in c[..c.len() - 1].iter().rev() {
        sum = sum.mul_add(x, V::splat(c));
    }
    sum
}

/// The rounded sum and its error.
#[inline(always)]
pub(in crate::kernel) fn two_sum<E: Coefficients, V: Vector<E>>(a: V, b: V) -> [V; 2] {
    let sum = a + b;
    let of_b = sum - a;
    [sum, (a - (sum - of_b)) + (b - of_b)]
}

/// The rounded sum and its error, where |a| ≥ |b| or a = 0.
#[inline(always)]
pub(in crate::kernel) fn fast_two_sum<E: Coefficients, V: Vector<E>>(a: V, b: V) -> [V; 2] {
    let sum = a + b;
    [sum, b - (sum - a)]
}

/// a + w (b - a), exact where w is 0: for |w| < 0.5, as `torch.lerp`.
#[inline(always)]
pub(in crate::kernel) fn near_start<E: Coefficients, V: Vector<E>>(a: V, b: V, w: V) -> V {
    a + w * (b - a)
}

/// The same, exact where w is 1: for other w.
#[inline(always)]
pub(in crate::kernel) fn near_end<E: Coefficients, V: Vector<E>>(a: V, b: V, w: V) -> V {
    b - (b - a) * (constant::<E, V>(1.0) - w)
}

/// The rounded product and its error.
#[inline(always)]
pub(in crate::kernel) fn two_product<E: Coefficients, V: Vector<E>>(a: V, b: V) -> [V; 2] {
    let product = a * b;
    if V::FMA {
        return [product, -a.neg_mul_add(b, product)];
    }
    // Dekker's: the products of halves are exact.
    let mask = V::splat_bits(E::UPPER_HALF);
    let (a1, b1) = (a.bit_and(mask), b.bit_and(mask));
    let (a2, b2) = (a - a1, b - b1);
    [product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2]
}

/// x / d, where r is 1 / d and d is positive and an [`exact_divisor`]: for one divisor of many numbers. With the error of
/// x r, the quotient is rounded as a division rounds it, in a third of its time.
#[inline(always)]
pub(in crate::kernel) fn quotient<E: Coefficients, V: Vector<E>>(x: V, d: V, r: V) -> V {
    if !V::FMA {
        return x / d;
    }
    let q = x * r;
    // The sum of zeros has lost the sign.
    q.neg_mul_add(d, x).mul_add(r, q).with_sign_of(x)
}

/// Whether neither 1 / d nor the error of a product with it leaves the range.
#[inline(always)]
pub(in crate::kernel) fn exact_divisor<E: Coefficients>(d: E) -> bool {
    let d = d.as_f64();
    (1e-30..1e30).contains(&d)
}
