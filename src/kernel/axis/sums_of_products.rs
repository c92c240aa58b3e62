//! Sums in `f64` of products and squares of the elements of rows, where four vectors are added before they become `f64`: for
//! `f32` that is a quarter of the conversions, and within 4 units of 2⁻²⁴ of the sum of the magnitudes.
//!
//! As in [`sums_in_f64`], element i goes to accumulator i mod BLOCK at every level, so bits do not depend on the number of
//! lanes.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use super::sums_in_f64::{self, BLOCK};
use crate::kernel::simd::{Leaf, MOST, Simd, SimdFloat, Vector, pairwise};
use std::marker::PhantomData;

const FOUR: usize = 4;

/// The terms of T sums over X rows. A trait and not a closure: a closure that is not inlined is compiled for the baseline.
pub(crate) trait Terms<E: SimdFloat, const X: usize, const T: usize>: Copy {
    /// Adds the terms of a vector of each row. Must be `#[inline(always)]`.
    fn add<V: Vector<E>>(self, x: [V; X], sums: [V; T]) -> [V; T];
}

/// x².
#[derive(Clone, Copy)]
pub(crate) struct Squares;

impl<E: SimdFloat> Terms<E, 1, 1> for Squares {
    #[inline(always)]
    fn add<V: Vector<E>>(self, [x]: [V; 1], [sum]: [V; 1]) -> [V; 1] {
        [x.mul_add(x, sum)]
    }
}

/// x², y² and x y.
#[derive(Clone, Copy)]
pub(crate) struct Products;

impl<E: SimdFloat> Terms<E, 2, 3> for Products {
    #[inline(always)]
    fn add<V: Vector<E>>(self, [x, y]: [V; 2], [xx, yy, xy]: [V; 3]) -> [V; 3] {
        [x.mul_add(x, xx), y.mul_add(y, yy), x.mul_add(y, xy)]
    }
}

/// (x - y + ε)².
#[derive(Clone, Copy)]
pub(crate) struct SquaredDifferences<E>(pub(crate) E);

impl<E: SimdFloat> Terms<E, 2, 1> for SquaredDifferences<E> {
    #[inline(always)]
    fn add<V: Vector<E>>(self, [x, y]: [V; 2], [sum]: [V; 1]) -> [V; 1] {
        let d = x - y + V::splat(self.0);
        [d.mul_add(d, sum)]
    }
}

/// The sums over rows of one length. After the end of the rows the elements are `fill`, whose terms are 0.
#[inline(always)]
pub(crate) fn sums_of_products<S: Simd, E: SimdFloat, const X: usize, const T: usize>(
    rows: [&[E]; X],
    fill: [E; X],
    terms: impl Terms<E, X, T>,
) -> [f64; T] {
    let n = rows[0].len();
    for row in &rows {
        assert_eq!(row.len(), n, "rows of one length");
    }
    pairwise(n, SumsOfProducts::<S, E, _, X, T> { rows, fill, terms, level: PhantomData })
}

/// Whether a sum of `n` squares is exact enough: none is infinite, and what underflows is small beside the sum.
#[inline(always)]
pub(crate) fn squares_in_range<E>(sum: f64, n: usize) -> bool {
    const LEAST: f64 = 1.0 / (1_u128 << 96) as f64;
    let least = if size_of::<E>() < size_of::<f64>() { LEAST } else { 1e-280 };
    sum.is_finite() && sum >= n as f64 * least
}

struct SumsOfProducts<'a, S, E, F, const X: usize, const T: usize> {
    rows: [&'a [E]; X],
    fill: [E; X],
    terms: F,
    level: PhantomData<S>,
}

/// The accumulators of the vectors of a block.
type OfBlock<V, const T: usize> = [[V; T]; MOST];

impl<S, E, F, const X: usize, const T: usize> SumsOfProducts<'_, S, E, F, X, T>
where
    S: Simd,
    E: SimdFloat,
    F: Terms<E, X, T>,
{
    /// Adds the terms of the block from `at` on.
    ///
    /// # Safety
    ///
    /// It is in bounds.
    #[inline(always)]
    unsafe fn add_block(&self, at: usize, sums: &mut OfBlock<E::V<S>, T>) {
        let lanes = E::V::<S>::LANES;
        for i in 0..BLOCK / lanes {
            let mut x = [E::V::<S>::zero(); X];
            for k in 0..X {
                // SAFETY: vector i ends at (i + 1) lanes, which is at most BLOCK, and the caller's; the rows have one length.
                x[k] = unsafe { E::V::<S>::load_ptr(self.rows[k].as_ptr().add(at + i * lanes)) };
            }
            sums[i] = self.terms.add(x, sums[i]);
        }
    }

    /// Adds the terms of the elements in `at..to`, fewer than a block.
    #[inline(always)]
    fn add_rest(&self, at: usize, to: usize, sums: &mut OfBlock<E::V<S>, T>) {
        let lanes = E::V::<S>::LANES;
        for i in 0..BLOCK / lanes {
            let start = at + i * lanes;
            if start < to {
                let mut x = [E::V::<S>::zero(); X];
                for k in 0..X {
                    x[k] = E::V::<S>::load_partial(&self.rows[k][start..to], self.fill[k]);
                }
                sums[i] = self.terms.add(x, sums[i]);
            }
        }
    }
}

impl<S, E, F, const X: usize, const T: usize> Leaf<f64, T> for SumsOfProducts<'_, S, E, F, X, T>
where
    S: Simd,
    E: SimdFloat,
    F: Terms<E, X, T>,
{
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [f64; T] {
        let lanes = E::V::<S>::LANES;
        // A vector of f32 becomes two of f64.
        let wide = lanes / S::F64::LANES;
        let mut acc = [[S::F64::zero(); MOST]; T];
        let mut at = from;
        assert!(to <= self.rows[0].len());
        while at < to {
            let mut sums = [[E::V::<S>::zero(); T]; MOST];
            if to - at >= FOUR * BLOCK {
                // A loop of a known length, which is unrolled.
                for block in 0..FOUR {
                    // SAFETY: four blocks follow before `to`, which is in bounds of the rows.
                    unsafe { self.add_block(at + block * BLOCK, &mut sums) };
                }
                at += FOUR * BLOCK;
            } else {
                while to - at >= BLOCK {
                    // SAFETY: a block follows before `to`.
                    unsafe { self.add_block(at, &mut sums) };
                    at += BLOCK;
                }
                self.add_rest(at, to, &mut sums);
                at = to;
            }
            for i in 0..BLOCK / lanes {
                for t in 0..T {
                    let parts = E::wide::<S>(sums[i][t]);
                    for k in 0..wide {
                        acc[t][wide * i + k] = acc[t][wide * i + k] + parts[k];
                    }
                }
            }
        }
        let mut sums = [0.0; T];
        for t in 0..T {
            sums[t] = sums_in_f64::halve::<S>(&mut acc[t]);
        }
        sums
    }
}
