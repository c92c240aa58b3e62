//! Sums in `f64` of functions of the elements of rows, for statistics.
//!
//! There are [`BLOCK`] accumulators at every level: element i goes to accumulator i mod BLOCK, and the sums of leaves are
//! added pairwise, as those of [`simd`](crate::kernel::simd). So bits do not depend on the number of lanes, the sums of
//! `f32` are exact to about 1e-16, and the mean of equal numbers is that number.

#![allow(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "loops over registers, which are unrolled"
)]

use super::sums_of_products::{Squares, squares_in_range, sums_of_products};
use crate::kernel::simd::{Kernel, Leaf, MOST, Simd, SimdFloat, Vector, dispatch, pairwise};
use std::marker::PhantomData;

/// The number of accumulators.
pub(crate) const BLOCK: usize = <f64 as SimdFloat>::BLOCK;
/// The numbers of the lanes of a vector.
const NUMBERS: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

/// T sums over the elements of X rows: `add` adds what it makes of one vector of each row to the sums. It is inlined
/// twice, so it must be small: what is not inlined is compiled for the baseline.
#[inline(always)]
pub(crate) fn sums<S: Simd, E: SimdFloat, const X: usize, const T: usize>(
    rows: [&[E]; X],
    add: impl Fn([S::F64; X], [S::F64; T]) -> [S::F64; T],
) -> [f64; T] {
    let n = rows[0].len();
    for row in &rows {
        assert_eq!(row.len(), n, "rows of one length");
    }
    pairwise::<f64, T>(n, Terms::<S, E, _, X, T> { rows, add, level: PhantomData })
}

/// T sums over parts of X rows.
struct Terms<'a, S, E, F, const X: usize, const T: usize> {
    rows: [&'a [E]; X],
    add: F,
    level: PhantomData<S>,
}

impl<S, E, F, const X: usize, const T: usize> Leaf<f64, T> for Terms<'_, S, E, F, X, T>
where
    S: Simd,
    E: SimdFloat,
    F: Fn([S::F64; X], [S::F64; T]) -> [S::F64; T],
{
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [f64; T] {
        let mut parts = self.rows;
        for (part, row) in parts.iter_mut().zip(&self.rows) {
            *part = &row[from..to];
        }
        leaf::<S, E, X, T>(parts, &self.add)
    }
}

#[inline(always)]
fn leaf<S: Simd, E: SimdFloat, const X: usize, const T: usize>(
    rows: [&[E]; X],
    add: &impl Fn([S::F64; X], [S::F64; T]) -> [S::F64; T],
) -> [f64; T] {
    let (lanes, vectors) = (S::F64::LANES, BLOCK / S::F64::LANES);
    let n = rows[0].len();
    // Those of vector i of a block.
    let mut acc = [[S::F64::zero(); T]; MOST];
    let mut at = 0;
    while at + BLOCK <= n {
        for i in 0..vectors {
            let mut x = [S::F64::zero(); X];
            for r in 0..X {
                // SAFETY: at + BLOCK <= n, which is the length of each row (compared in `sums`), and vector i of `vectors` ends
                // at (i + 1) lanes <= BLOCK.
                x[r] = unsafe { E::wide_ptr::<S>(rows[r].as_ptr().add(at + i * lanes)) };
            }
            acc[i] = add(x, acc[i]);
        }
        at += BLOCK;
    }
    let numbers = S::F64::load(&NUMBERS);
    for i in 0..vectors {
        let count = (n - at).min(lanes);
        if count == 0 {
            break;
        }
        let mut x = [S::F64::zero(); X];
        for r in 0..X {
            // SAFETY: `count` elements follow, which are at most the lanes.
            x[r] = unsafe { E::wide_first::<S>(rows[r].as_ptr().add(at), count) };
        }
        let sums = add(x, acc[i]);
        // The results for the padding do not count.
        let counts = numbers.lt(S::F64::splat(count as f64));
        for t in 0..T {
            acc[i][t] = S::F64::select(counts, sums[t], acc[i][t]);
        }
        at += count;
    }
    let mut sums = [0.0; T];
    for t in 0..T {
        let mut of_term = [S::F64::zero(); MOST];
        for i in 0..vectors {
            of_term[i] = acc[i][t];
        }
        sums[t] = halve::<S>(&mut of_term);
    }
    sums
}

/// The mean of a row and the sum of the squares of the differences from it, both of the elements times `scale`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The mean.
    pub(crate) mean: f64,
    /// Σ (x - mean)².
    pub(crate) squares: f64,
    /// The power of 2 that the elements are multiplied with, so that no square leaves the range.
    pub(crate) scale: f64,
}

/// The moments of a row. Equal elements have squares of exactly 0.
#[inline(always)]
pub(crate) fn moments<S: Simd, E: SimdFloat>(x: &[E]) -> Moments {
    match moments_in_one_pass::<S, E>(x) {
        Some(moments) => moments,
        None => seldom(InPasses(x)),
    }
}

/// Runs a kernel inside another one: code for rare cases is compiled once for each instruction set, and not into each kernel.
#[cold]
#[inline(never)]
fn seldom<K: Kernel>(kernel: K) -> K::Output {
    dispatch(kernel)
}

/// The moments of a row, the mean before the squares.
struct InPasses<'a, E>(&'a [E]);

impl<E: SimdFloat> Kernel for InPasses<'_, E> {
    type Output = Moments;
    #[inline(always)]
    fn run<S: Simd>(self) -> Moments {
        moments_in_passes::<S, E>(self.0)
    }
}

#[inline(always)]
fn moments_in_passes<S: Simd, E: SimdFloat>(x: &[E]) -> Moments {
    let n = x.len() as f64;
    let mut scale = 1.0;
    loop {
        let k = S::F64::splat(scale);
        let [sum] = sums::<S, E, 1, 1>([x], |[x], [sum]| [x.mul_add(k, sum)]);
        let mut mean = sum / n;
        if size_of::<E>() == size_of::<f64>() {
            // The rounding error of the mean: of equal elements it is a few units in the last place, whose sum is exact.
            let m = S::F64::splat(mean);
            let [rest] = sums::<S, E, 1, 1>([x], |[x], [sum]| [sum + (x * k - m)]);
            // Infinite elements leave no number.
            mean += if rest.is_finite() { rest / n } else { 0.0 };
        }
        let m = S::F64::splat(mean);
        let [squares] = sums::<S, E, 1, 1>([x], |[x], [sum]| {
            let d = x * k - m;
            [d.mul_add(d, sum)]
        });
        let moments = Moments { mean, squares, scale };
        if scale != 1.0 || size_of::<E>() < size_of::<f64>() || in_range(squares, n) {
            return moments;
        }
        scale = self::scale::<S, E>(x);
        if scale == 1.0 {
            return moments;
        }
    }
}

/// The moments from sums of differences from a number near the mean: of `f32` the first element, of `f64` the mean of the first
/// ones. Nothing if it is too far from the mean, or if squares may leave the range.
#[inline(always)]
fn moments_in_one_pass<S: Simd, E: SimdFloat>(x: &[E]) -> Option<Moments> {
    let double = size_of::<E>() == size_of::<f64>();
    // The digits that the difference of the sums may lose: one bit, or 20 bits of 53 where f32 has 24.
    let lost = if double { 2.0 } else { (1 << 20) as f64 };
    let (n, mut near) = (x.len() as f64, x.first()?.as_f64());
    if double && x.len() > 1 {
        // The sum of a power of 2 of equal elements is exact, and so is their mean.
        let few = BLOCK.min(1 << x.len().ilog2());
        let mut sums = [S::F64::zero(); MOST];
        for i in 0..BLOCK / S::F64::LANES {
            let from = i * S::F64::LANES;
            if from < few {
                // SAFETY: the first `few` elements are there.
                sums[i] =
                    unsafe { E::wide_first::<S>(x.as_ptr().add(from), (few - from).min(S::F64::LANES)) };
            }
        }
        near = halve::<S>(&mut sums) / few as f64;
    }
    let k = S::F64::splat(near);
    let [sum, total] = sums::<S, E, 1, 2>([x], |[x], [sum, squares]| {
        let d = x - k;
        [sum + d, d.mul_add(d, squares)]
    });
    let squares = total - sum * (sum / n);
    let exact = squares * lost >= total && (!double || in_range(squares, n));
    exact.then(|| Moments { mean: near + sum / n, squares, scale: 1.0 })
}

/// Whether no square of `n` has left the range of `f64`.
fn in_range(squares: f64, n: f64) -> bool {
    squares.is_finite() && squares >= n * 1e-280
}

/// Σ (x k)² and the power of 2 k, so that no square leaves the range. Four squares of `f32` are added before they become
/// `f64`, which is a quarter of the conversions: within 4 units of 2⁻²⁴ of the sum.
#[inline(always)]
pub(crate) fn squares<S: Simd, E: SimdFloat>(x: &[E]) -> [f64; 2] {
    if size_of::<E>() < size_of::<f64>() {
        let [sum] = sums_of_products::<S, E, 1, 1>([x], [E::ZERO], Squares);
        if squares_in_range::<E>(sum, x.len()) { [sum, 1.0] } else { seldom(ScaledSquares(x)) }
    } else {
        let [sum] = sums::<S, E, 1, 1>([x], |[x], [sum]| [x.mul_add(x, sum)]);
        if in_range(sum, x.len() as f64) { [sum, 1.0] } else { seldom(ScaledSquares(x)) }
    }
}

/// Σ (x k)² and k, in `f64` from the first square on.
struct ScaledSquares<'a, E>(&'a [E]);

impl<E: SimdFloat> Kernel for ScaledSquares<'_, E> {
    type Output = [f64; 2];
    #[inline(always)]
    fn run<S: Simd>(self) -> [f64; 2] {
        let x = self.0;
        let mut scale = 1.0;
        loop {
            let k = S::F64::splat(scale);
            let [sum] = sums::<S, E, 1, 1>([x], |[x], [sum]| {
                let x = x * k;
                [x.mul_add(x, sum)]
            });
            if scale != 1.0 || in_range(sum, x.len() as f64) {
                return [sum, scale];
            }
            scale = self::scale::<S, E>(x);
            if scale == 1.0 {
                return [sum, scale];
            }
        }
    }
}

/// The root of the sum of the squares.
#[inline(always)]
pub(crate) fn norm<S: Simd, E: SimdFloat>(x: &[E]) -> f64 {
    let [squares, scale] = squares::<S, E>(x);
    let root = squares.sqrt();
    // Nearly always; a division is slower than the jump around it.
    if scale == 1.0 { root } else { root / scale }
}

/// The sum of the accumulators of a block.
#[inline(always)]
pub(crate) fn halve<S: Simd>(acc: &mut [S::F64; MOST]) -> f64 {
    let mut half = BLOCK / S::F64::LANES / 2;
    while half > 0 {
        for i in 0..half {
            acc[i] = acc[i] + acc[i + half];
        }
        half /= 2;
    }
    acc[0].reduce_sum()
}

/// A power of 2 by which the squares of the elements and the sum of them stay in the range of `f64`: 1 for `f32`, and where
/// no square leaves it.
#[inline(always)]
pub(crate) fn scale<S: Simd, E: SimdFloat>(x: &[E]) -> f64 {
    if size_of::<E>() < size_of::<f64>() {
        return 1.0;
    }
    let mut max = E::V::<S>::zero();
    for x in x.chunks(E::V::<S>::LANES) {
        max = E::V::<S>::load_partial(x, E::ZERO).abs().max(max);
    }
    scale_of(max.reduce_max().as_f64())
}

/// The power of 2 for elements whose largest magnitude is `max`.
pub(crate) fn scale_of(max: f64) -> f64 {
    let inside = (1e-130..1e130).contains(&max) || max == 0.0 || !max.is_finite();
    if inside {
        return 1.0;
    }
    // 2ᵉ <= max, from its exponent; a subnormal one counts as the smallest normal number.
    let exponent = ((max.to_bits() >> 52) as i32 - 1023).clamp(-1022, 1022);
    2.0_f64.powi(-exponent)
}
