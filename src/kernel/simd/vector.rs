//! The operations of a vector.

use super::Simd;
use crate::element::Float;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A truth value for each lane.
pub(crate) trait Mask: Copy {
    /// The number of lanes.
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "pairs of vectors are for AVX2"))]
    const LANES: u32;
    /// The lanes in which both hold.
    fn and(self, other: Self) -> Self;
    /// The lanes in which either holds.
    fn or(self, other: Self) -> Self;
    /// The lanes in which this does not hold.
    fn not(self) -> Self;
    /// Whether any lane holds.
    fn any(self) -> bool;
    /// The first lane that holds, if any does.
    fn first(self) -> u32;
}

/// A vector of floats, at a level.
///
/// The methods that are named `bit_..`, `int_..`, `shl` and `shr` take the lanes as unsigned integers of the same size.
pub(crate) trait Vector<E: SimdFloat>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The result of comparisons.
    type Mask: Mask;
    /// Whether [`mul_add`](Self::mul_add) rounds once.
    const FMA: bool;
    /// Whether loads and stores of the first lanes are one instruction.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        allow(dead_code, reason = "the forms for other machines are alike")
    )]
    const MASKED: bool;
    /// The number of lanes, a power of 2.
    const LANES: usize;
    /// `E::BLOCK / LANES`: the number of vectors in a block.
    const BLOCK: usize = E::BLOCK / Self::LANES;

    /// `x` in each lane.
    fn splat(x: E) -> Self;
    /// The integer `bits` in each lane.
    fn splat_bits(bits: E::Bits) -> Self;
    /// 0 in each lane.
    #[inline(always)]
    fn zero() -> Self {
        Self::splat(E::ZERO)
    }
    /// The first `LANES` elements. Panics if there are fewer.
    #[inline(always)]
    fn load(from: &[E]) -> Self {
        assert!(from.len() >= Self::LANES);
        // SAFETY: compared above.
        unsafe { Self::load_ptr(from.as_ptr()) }
    }
    /// Writes the first `LANES` elements. Panics if there are fewer.
    #[inline(always)]
    fn store(self, to: &mut [E]) {
        assert!(to.len() >= Self::LANES);
        // SAFETY: compared above.
        unsafe { self.store_ptr(to.as_mut_ptr()) }
    }
    /// The first elements, at most `LANES`, and `fill` in the lanes after them.
    #[inline(always)]
    fn load_partial(from: &[E], fill: E) -> Self {
        // SAFETY: at most as many lanes as there are elements.
        unsafe { Self::load_first(from.as_ptr(), from.len().min(Self::LANES), fill) }
    }
    /// Writes as many lanes as there are elements, at most `LANES`.
    #[inline(always)]
    fn store_partial(self, to: &mut [E]) {
        // SAFETY: at most as many lanes as there are elements.
        unsafe { self.store_first(to.as_mut_ptr(), to.len().min(Self::LANES)) }
    }
    /// As [`load_partial`](Self::load_partial), with a whole load where there are enough elements.
    #[inline(always)]
    fn load_up_to(from: &[E], fill: E) -> Self {
        if from.len() >= Self::LANES { Self::load(from) } else { Self::load_partial(from, fill) }
    }
    /// As [`store_partial`](Self::store_partial), with a whole store where there are enough elements.
    #[inline(always)]
    fn store_up_to(self, to: &mut [E]) {
        if to.len() >= Self::LANES { self.store(to) } else { self.store_partial(to) }
    }
    /// The `LANES` elements at `from`.
    ///
    /// # Safety
    /// They can be read.
    unsafe fn load_ptr(from: *const E) -> Self;
    /// Writes the `LANES` elements at `to`.
    ///
    /// # Safety
    /// They can be written.
    unsafe fn store_ptr(self, to: *mut E);
    /// The `n` elements at `from`, and `fill` in the lanes after them.
    ///
    /// # Safety
    /// `n` is at most `LANES`, and `n` elements can be read.
    unsafe fn load_first(from: *const E, n: usize, fill: E) -> Self;
    /// Writes the `n` elements at `to` from the first lanes.
    ///
    /// # Safety
    /// `n` is at most `LANES`, and `n` elements can be written.
    unsafe fn store_first(self, to: *mut E, n: usize);

    /// self · a + b: rounded once where [`FMA`](Self::FMA), twice elsewhere.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// b - self · a: rounded once where [`FMA`](Self::FMA), twice elsewhere.
    fn neg_mul_add(self, a: Self, b: Self) -> Self;
    /// self · 2ⁿ, rounded once, for integers n within twice the exponents of normal numbers; `self` has a magnitude of about 1.
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        // Two factors, since 2ⁿ alone may be too large or too small. The sum's lowest bits are those of both biased exponents
        // together, which are not negative.
        let exponents = n + Self::splat(E::BIASED_IN_LOW_BITS[1]);
        let half = exponents.shr(1);
        self * half.shl(E::MANTISSA) * exponents.int_sub(half).shl(E::MANTISSA)
    }
    /// 2ⁿ for integers n from the exponent of the smallest normal number to that of the largest.
    #[inline(always)]
    fn exp2_int(self) -> Self {
        // The sum's lowest bits are the biased exponent; those above them are shifted out.
        (self + Self::splat(E::BIASED_IN_LOW_BITS[0])).shl(E::MANTISSA)
    }
    /// The square root.
    fn sqrt(self) -> Self;
    /// The nearest integer, the even one of two; every float from 2^(mantissa bits) is one.
    fn round(self) -> Self;
    /// The smaller one; `other` if either is NaN.
    fn min(self, other: Self) -> Self;
    /// The larger one; `other` if either is NaN.
    fn max(self, other: Self) -> Self;
    /// The larger one; NaN if either is NaN.
    #[inline(always)]
    fn max_nan(self, other: Self) -> Self {
        Self::select(self.ne(self), self, self.max(other))
    }
    /// The smaller one; NaN if either is NaN.
    #[inline(always)]
    fn min_nan(self, other: Self) -> Self {
        Self::select(self.ne(self), self, self.min(other))
    }
    /// The magnitude.
    #[inline(always)]
    fn abs(self) -> Self {
        self.bit_and(Self::splat_bits(E::MAGNITUDE))
    }
    /// The sign bit alone: 0 or -0.
    #[inline(always)]
    fn sign_bit(self) -> Self {
        self.bit_and(Self::splat_bits(E::SIGN))
    }
    /// The magnitude of `self`, which is not negative, with the sign of `sign`.
    #[inline(always)]
    fn with_sign_of(self, sign: Self) -> Self {
        self.bit_or(sign.sign_bit())
    }

    /// Where this is less. False for NaN, as the next ones up to `eq`.
    fn lt(self, other: Self) -> Self::Mask;
    /// Where this is less or equal.
    fn le(self, other: Self) -> Self::Mask;
    /// Where this is greater.
    #[inline(always)]
    fn gt(self, other: Self) -> Self::Mask {
        other.lt(self)
    }
    /// Where this is greater or equal.
    #[inline(always)]
    fn ge(self, other: Self) -> Self::Mask {
        other.le(self)
    }
    /// Where both are equal.
    fn eq(self, other: Self) -> Self::Mask;
    /// Where they are not equal, or either is NaN.
    fn ne(self, other: Self) -> Self::Mask;
    /// `yes` where `mask` holds, `no` elsewhere.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// The lanes 0, 2, 4, .. of `self` and `next`, concatenated, and the lanes 1, 3, 5, ..
    fn unzip(self, next: Self) -> (Self, Self);
    /// Undoes [`unzip`](Self::unzip): `self` in the lanes 0, 2, 4, .. of both vectors, `odd` in the others.
    fn zip(self, odd: Self) -> (Self, Self);

    /// Bitwise and.
    fn bit_and(self, other: Self) -> Self;
    /// Bitwise or.
    fn bit_or(self, other: Self) -> Self;
    /// Bitwise exclusive or.
    fn bit_xor(self, other: Self) -> Self;
    /// The sum as integers, wrapping.
    fn int_add(self, other: Self) -> Self;
    /// The difference as integers, wrapping.
    fn int_sub(self, other: Self) -> Self;
    /// The bits moved up by `n`.
    fn shl(self, n: u32) -> Self;
    /// The bits moved down by `n`, with zeros above them.
    fn shr(self, n: u32) -> Self;

    /// The sum of the lanes: the upper half is added to the lower one until one lane is left.
    fn reduce_sum(self) -> E;
    /// The largest lane, where none is NaN.
    fn largest(self) -> E;
    /// The largest lane; NaN if any lane is NaN.
    #[inline(always)]
    fn reduce_max(self) -> E {
        // A jump that the machine foresees, where each step would compare.
        if self.ne(self).any() { E::nan() } else { self.largest() }
    }
    /// The smallest lane; NaN if any lane is NaN.
    #[inline(always)]
    fn reduce_min(self) -> E {
        -(-self).reduce_max()
    }
}

/// [`Vector::round`] by additions: a number that is added to `big`, 2^(mantissa bits), is rounded to an integer.
#[inline(always)]
pub(super) fn round_by_adding<E: SimdFloat, V: Vector<E>>(x: V, big: V) -> V {
    let rounded = ((x.abs() + big) - big).with_sign_of(x);
    V::select(x.abs().lt(big), rounded, x)
}

/// Elements that have vectors: `f32` and `f64`.
pub(crate) trait SimdFloat: Float {
    /// The unsigned integer of the same size.
    type Bits: Copy;
    /// The vector of this type at a level.
    type V<S: Simd>: Vector<Self>;
    /// For functions of many instructions: one, two or four vectors of this type at a level.
    type Long<S: Simd>: Vector<Self>;
    /// For loops that compute several such functions at once: one or two vectors.
    type Pair<S: Simd>: Vector<Self>;
    /// The number of accumulators of a reduction: the same at every level.
    const BLOCK: usize;
    /// 0.
    const ZERO: Self;
    /// -∞.
    const NEG_INFINITY: Self;
    /// The integer 1.
    const ONE: Self::Bits;
    /// The sign bit.
    const SIGN: Self::Bits;
    /// All bits but the sign.
    const MAGNITUDE: Self::Bits;
    /// The number of bits of the mantissa that are stored.
    const MANTISSA: u32;
    /// 1.5 · 2^MANTISSA: the lowest bits of an integer plus this are the integer.
    const INTEGER_IN_LOW_BITS: Self;
    /// The same plus the bias of an exponent, and plus twice the bias.
    const BIASED_IN_LOW_BITS: [Self; 2];
    /// The elements at `from` as `f64`, as many as a vector of `f64` has lanes.
    ///
    /// # Safety
    /// They can be read.
    unsafe fn wide_ptr<S: Simd>(from: *const Self) -> S::F64;
    /// The first `n` elements at `from` as `f64`, and zeros in the lanes after them.
    ///
    /// # Safety
    /// `n` is at most the lanes of a vector of `f64`, and `n` elements can be read.
    unsafe fn wide_first<S: Simd>(from: *const Self, n: usize) -> S::F64;
    /// The lanes as `f64`, in order; for `f64` zeros follow them.
    fn wide<S: Simd>(x: Self::V<S>) -> [S::F64; 2];
    /// The integer that has these bits.
    fn integer(self) -> u64;
}

impl SimdFloat for f32 {
    type Bits = u32;
    type V<S: Simd> = S::F32;
    type Long<S: Simd> = S::LongF32;
    type Pair<S: Simd> = S::PairF32;
    const BLOCK: usize = 64;
    const ZERO: Self = 0.0;
    const NEG_INFINITY: Self = f32::NEG_INFINITY;
    const ONE: u32 = 1;
    const SIGN: u32 = 1 << 31;
    const MAGNITUDE: u32 = !Self::SIGN;
    const MANTISSA: u32 = 23;
    const INTEGER_IN_LOW_BITS: Self = 12_582_912.0;
    const BIASED_IN_LOW_BITS: [Self; 2] = [12_583_039.0, 12_583_166.0];
    #[inline(always)]
    unsafe fn wide_ptr<S: Simd>(from: *const Self) -> S::F64 {
        // SAFETY: the caller's.
        unsafe { S::widen_ptr(from) }
    }
    #[inline(always)]
    unsafe fn wide_first<S: Simd>(from: *const Self, n: usize) -> S::F64 {
        // SAFETY: the caller's; a vector of f32 has more lanes.
        S::widen(unsafe { S::F32::load_first(from, n, 0.0) })[0]
    }
    #[inline(always)]
    fn wide<S: Simd>(x: S::F32) -> [S::F64; 2] {
        S::widen(x)
    }
    #[inline(always)]
    fn integer(self) -> u64 {
        self.to_bits().into()
    }
}

impl SimdFloat for f64 {
    type Bits = u64;
    type V<S: Simd> = S::F64;
    type Long<S: Simd> = S::LongF64;
    type Pair<S: Simd> = S::PairF64;
    const BLOCK: usize = 32;
    const ZERO: Self = 0.0;
    const NEG_INFINITY: Self = f64::NEG_INFINITY;
    const ONE: u64 = 1;
    const SIGN: u64 = 1 << 63;
    const MAGNITUDE: u64 = !Self::SIGN;
    const MANTISSA: u32 = 52;
    const INTEGER_IN_LOW_BITS: Self = 6_755_399_441_055_744.0;
    const BIASED_IN_LOW_BITS: [Self; 2] = [6_755_399_441_056_767.0, 6_755_399_441_057_790.0];
    #[inline(always)]
    unsafe fn wide_ptr<S: Simd>(from: *const Self) -> S::F64 {
        // SAFETY: the caller's.
        unsafe { S::F64::load_ptr(from) }
    }
    #[inline(always)]
    unsafe fn wide_first<S: Simd>(from: *const Self, n: usize) -> S::F64 {
        // SAFETY: the caller's.
        unsafe { S::F64::load_first(from, n, 0.0) }
    }
    #[inline(always)]
    fn wide<S: Simd>(x: S::F64) -> [S::F64; 2] {
        [x, S::F64::zero()]
    }
    #[inline(always)]
    fn integer(self) -> u64 {
        self.to_bits()
    }
}

#[cfg(test)]
mod tests {
    use super::super::portable::Baseline;
    use super::super::{Kernel, Level, dispatch, with_level};
    use super::*;

    /// 1.5 · 2ⁿ and 2ⁿ for each integer n of a vector.
    struct PowersOf2<E>(Vec<E>);

    impl<E: SimdFloat> Kernel for PowersOf2<E> {
        type Output = Vec<[E; 2]>;
        #[inline(always)]
        fn run<S: Simd>(self) -> Vec<[E; 2]> {
            let mut out = Vec::new();
            for n in self.0 {
                let mut powers = [E::ZERO; 2];
                let n = E::Long::<S>::splat(n);
                E::Long::<S>::splat(E::from_f64(1.5)).scale(n).store_partial(&mut powers[..1]);
                n.exp2_int().store_partial(&mut powers[1..]);
                out.push(powers);
            }
            out
        }
    }

    fn powers_of_2<E: SimdFloat>(least: i32, most: i32) {
        let to_float = |n: i32| E::from_f64(f64::from(n));
        let power = |n: i32| E::from_f64(2.0).powi(n);
        let all = || PowersOf2((2 * least..=2 * most).map(to_float).collect());
        let found = Level::ALL.map(|level| with_level(level, || dispatch(all())));
        for found in found.into_iter().chain([all().run::<Baseline>()]) {
            for (n, [scaled, exponent]) in (2 * least..=2 * most).zip(found) {
                let expected = E::from_f64(1.5) * power(n / 2) * power(n - n / 2);
                assert_eq!(scaled, expected, "1.5 · 2^{n}");
                if (least..=most).contains(&n) {
                    assert_eq!(exponent, power(n), "2^{n}");
                }
            }
        }
    }

    #[test]
    fn powers_of_2_are_exact() {
        powers_of_2::<f32>(-126, 127);
        powers_of_2::<f64>(-1022, 1023);
    }
}
