//! Remainders of divisions, which are exact: the numbers of the platform's `fmod`, and those of Python's `%`.

use super::float::floor;
use crate::kernel::math::arithmetic::constant;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{MOST_LANES, Mask, Vector};

/// a - n b for the integer n nearest to a / b towards 0.
///
/// With x = |a|, y = |b|, and q = ⌊x / y⌋, x - q y is a multiple of the last digit of y. Rounding makes q too large by at
/// most 1, so the difference lies between -y and y, and a multiply-add that rounds once computes it without an error. Large
/// quotients, zeros, infinities and NaN are left to the platform.
#[inline(always)]
pub(super) fn fmod<E: Coefficients, V: Vector<E>>(a: V, b: V) -> V {
    if !V::FMA {
        return by_lanes(a, b);
    }
    let (x, y) = (a.abs(), b.abs());
    let q = floor::<E, V>(x / y);
    let rest = q.neg_mul_add(y, x);
    let rest = V::select(rest.lt(V::zero()), rest + y, rest).with_sign_of(a);
    let most = constant::<E, V>((1_u64 << (E::MANTISSA - 1)) as f64);
    let exact = q.lt(most).and(y.lt(constant(f64::INFINITY)));
    if exact.not().any() { V::select(exact, rest, by_lanes(a, b)) } else { rest }
}

/// The same by the functions of the platform, for each lane.
#[inline(always)]
fn by_lanes<E: Coefficients, V: Vector<E>>(a: V, b: V) -> V {
    /// Compiled once: it is rarely needed, or slow anyway.
    #[inline(never)]
    fn rests<E: Coefficients>(a: &mut [E], b: &[E]) {
        a.iter_mut().zip(b).for_each(|(a, b)| *a %= *b);
    }
    let (mut rest, mut divisor) = ([E::ZERO; MOST_LANES], [E::ZERO; MOST_LANES]);
    a.store(&mut rest);
    b.store(&mut divisor);
    rests(&mut rest[..V::LANES], &divisor[..V::LANES]);
    V::load(&rest)
}

/// Where a remainder with the sign of the dividend is not one with the sign of `b`.
#[inline(always)]
fn differs<E: Coefficients, V: Vector<E>>(rest: V, b: V) -> V::Mask {
    let (below, negative) = (rest.lt(V::zero()), b.lt(V::zero()));
    let opposite = below.and(negative.not()).or(negative.and(below.not()));
    rest.ne(V::zero()).and(opposite)
}

/// a - n b for the integer n nearest to a / b towards -∞.
#[inline(always)]
pub(super) fn remainder<E: Coefficients, V: Vector<E>>(a: V, b: V) -> V {
    let rest = fmod(a, b);
    V::select(differs(rest, b), rest + b, rest)
}

/// ⌊a / b⌋ as in Python: from the remainder, so that the two agree where a / b is rounded.
#[inline(always)]
pub(super) fn floor_div<E: Coefficients, V: Vector<E>>(a: V, b: V) -> V {
    let rest = fmod(a, b);
    let whole = ((a - rest) / b).round();
    let whole = V::select(differs(rest, b), whole - constant(1.0), whole);
    V::select(b.eq(V::zero()), a / b, whole)
}

#[cfg(test)]
mod tests {
    use crate::kernel::elementwise::float_zip::FloatZip;
    use crate::kernel::elementwise::function::BinaryFunction;
    use crate::kernel::simd::{Level, with_level};
    use crate::prelude::*;
    use crate::storage::Storage;

    /// Pairs whose quotients are near integers, large, tiny, or none; and random patterns of bits.
    fn pairs(bits: impl Fn(u64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let special = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.1,
            0.3,
            -0.7,
            3.0,
            1e-40,
            1e-310,
            5e-324,
            1e30,
            1e300,
            4_194_303.0,
            4_194_304.5,
            16_777_215.0,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ];
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for x in special {
            for y in special {
                a.push(x);
                b.push(y);
            }
        }
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ (state >> 29)
        };
        for i in 0..60_000 {
            let y = bits(next());
            let n = (next() % (1 << (i % 26))) as f64;
            // Any, a multiple, and one next to a multiple.
            let x = match i % 3 {
                0 => bits(next()),
                1 => y * n,
                _ => y * n * (1.0 - f64::from(f32::EPSILON) / 2.0),
            };
            a.push(x);
            b.push(y);
        }
        (a, b)
    }

    fn check<E: Float>(a: &[E], b: &[E]) {
        for level in Level::ALL {
            let zip =
                |f: FloatZip<E>| with_level(level, || f.zip(Storage::from_slice(a), Storage::from_slice(b)));
            let (fmod, remainder) = (zip(FloatZip::Fmod), zip(FloatZip::Remainder));
            for i in 0..a.len() {
                let rest = a[i] % b[i];
                let same = |x: E, y: E| {
                    x == y && x.is_sign_negative() == y.is_sign_negative() || x.is_nan() && y.is_nan()
                };
                assert!(
                    same(fmod[i], rest),
                    "{level:?}: {:?} fmod {:?}: {:?}, {rest:?}",
                    a[i].to_f64(),
                    b[i].to_f64(),
                    fmod[i].to_f64()
                );
                let turned = rest != E::zero() && (b[i] < E::zero()) != (rest < E::zero());
                let rest = if turned { rest + b[i] } else { rest };
                assert!(
                    same(remainder[i], rest),
                    "{level:?}: {:?} remainder {:?}",
                    a[i].to_f64(),
                    b[i].to_f64()
                );
            }
        }
    }

    #[test]
    fn remainders_are_those_of_the_platform_at_each_level() {
        let (a, b) = pairs(|bits| f64::from(f32::from_bits(bits as u32)));
        let narrow = |x: &[f64]| x.iter().map(|x| *x as f32).collect::<Vec<_>>();
        check(&narrow(&a), &narrow(&b));
        // Of similar exponents, since most pairs have a quotient of 0 or a very large one.
        let (a, b) = pairs(|bits| f64::from(f32::from_bits(0x3f00_0000 | (bits as u32 & 0x07ff_ffff))));
        check(&narrow(&a), &narrow(&b));
        check(&a, &b);
        let (a, b) = pairs(f64::from_bits);
        check(&a, &b);
    }
}
