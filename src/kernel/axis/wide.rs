//! Sums in `f64` of what is made of the elements of rows, for statistics.
//!
//! There are [`BLOCK`] accumulators at every level: element i goes to accumulator i mod BLOCK, and the sums of leaves are
//! added pairwise, as those of [`simd`](crate::kernel::simd). So bits do not depend on the number of lanes, the sums of
//! `f32` are exact to about 1e-16, and the mean of equal numbers is that number.

use crate::kernel::simd::{Leaf, MOST, Simd, SimdFloat, Vector, pairwise};
use std::marker::PhantomData;

/// The number of accumulators.
const BLOCK: usize = <f64 as SimdFloat>::BLOCK;

/// T sums over the elements of X rows: `terms` makes the vectors to add of one vector of each row.
#[inline(always)]
pub(crate) fn sums<S: Simd, E: SimdFloat, const X: usize, const T: usize>(
    rows: [&[E]; X],
    terms: impl Fn([S::F64; X]) -> [S::F64; T],
) -> [f64; T] {
    let n = rows[0].len();
    for row in &rows {
        assert_eq!(row.len(), n, "rows of one length");
    }
    pairwise::<f64, T>(n, Terms::<S, E, _, X, T> { rows, terms, level: PhantomData })
}

/// T sums over parts of X rows.
struct Terms<'a, S, E, F, const X: usize, const T: usize> {
    rows: [&'a [E]; X],
    terms: F,
    level: PhantomData<S>,
}

impl<S, E, F, const X: usize, const T: usize> Leaf<f64, T> for Terms<'_, S, E, F, X, T>
where
    S: Simd,
    E: SimdFloat,
    F: Fn([S::F64; X]) -> [S::F64; T],
{
    #[inline(always)]
    fn sums(&self, from: usize, to: usize) -> [f64; T] {
        let mut parts = self.rows;
        for (part, row) in parts.iter_mut().zip(&self.rows) {
            *part = &row[from..to];
        }
        leaf::<S, E, X, T>(parts, &self.terms)
    }
}

#[inline(always)]
fn leaf<S: Simd, E: SimdFloat, const X: usize, const T: usize>(
    rows: [&[E]; X],
    terms: &impl Fn([S::F64; X]) -> [S::F64; T],
) -> [f64; T] {
    let (lanes, vectors) = (S::F64::LANES, BLOCK / S::F64::LANES);
    let n = rows[0].len();
    let mut acc = [[S::F64::zero(); MOST]; T];
    let mut at = 0;
    while at + BLOCK <= n {
        for i in 0..vectors {
            let mut x = [S::F64::zero(); X];
            for (x, row) in x.iter_mut().zip(&rows) {
                // SAFETY: at + BLOCK <= n, which is the length of each row (compared in `sums`), and a vector i of `vectors`
                // ends at (i + 1) lanes <= BLOCK.
                *x = unsafe { E::wide_ptr::<S>(row.as_ptr().add(at + i * lanes)) };
            }
            let terms = terms(x);
            for (acc, term) in acc.iter_mut().zip(terms) {
                acc[i] = acc[i] + term;
            }
        }
        at += BLOCK;
    }
    if at < n {
        let rest = n - at;
        let mut padded = [[E::ZERO; BLOCK]; X];
        for (padded, row) in padded.iter_mut().zip(&rows) {
            padded[..rest].copy_from_slice(&row[at..]);
        }
        let mut made = [[0.0; BLOCK]; T];
        for i in 0..vectors {
            let mut x = [S::F64::zero(); X];
            for (x, padded) in x.iter_mut().zip(&padded) {
                // SAFETY: vector i of `vectors` ends at (i + 1) lanes <= BLOCK, the length of `padded`.
                *x = unsafe { E::wide_ptr::<S>(padded.as_ptr().add(i * lanes)) };
            }
            for (made, term) in made.iter_mut().zip(terms(x)) {
                term.store(&mut made[i * lanes..]);
            }
        }
        for (acc, made) in acc.iter_mut().zip(&mut made) {
            // What was made of the padding does not count.
            made[rest..].fill(0.0);
            for i in 0..vectors {
                acc[i] = acc[i] + S::F64::load(&made[i * lanes..]);
            }
        }
    }
    let mut sums = [0.0; T];
    for (sum, acc) in sums.iter_mut().zip(&mut acc) {
        let mut half = vectors / 2;
        while half > 0 {
            for i in 0..half {
                acc[i] = acc[i] + acc[i + half];
            }
            half /= 2;
        }
        *sum = acc[0].reduce_sum();
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
    let (n, scale) = (x.len() as f64, scale::<S, E>(x));
    let k = S::F64::splat(scale);
    let [sum] = sums::<S, E, 1, 1>([x], |[x]| [x * k]);
    let mut mean = sum / n;
    if size_of::<E>() == size_of::<f64>() {
        // The rounding error of the mean: of equal elements it is a few units in the last place, whose sum is exact.
        let m = S::F64::splat(mean);
        let [rest] = sums::<S, E, 1, 1>([x], |[x]| [x * k - m]);
        // Infinite elements leave no number.
        mean += if rest.is_finite() { rest / n } else { 0.0 };
    }
    let m = S::F64::splat(mean);
    let [squares] = sums::<S, E, 1, 1>([x], |[x]| {
        let d = x * k - m;
        [d * d]
    });
    Moments { mean, squares, scale }
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
