//! Reductions of a slice, whose bits depend neither on the level's number of lanes nor on the alignment.
//!
//! There are [`SimdFloat::BLOCK`] accumulators at every level, 64 for `f32` and 32 for `f64`: element i goes to
//! accumulator i mod BLOCK. At the end the upper half of them is added to the lower one until one is left.
//! A last incomplete block counts as if zeros followed it.
//!
//! Floor: one load and one addition for a vector; the four accumulators of AVX-512 hide the latency of the addition.

use super::{Simd, SimdFloat, Vector};

/// As many vectors as the level with the fewest lanes needs for a block.
const MOST: usize = 16;

/// Σ of what `term` makes of the vectors of `x` and `y`, with accumulators `acc ← term(acc, x, y)`.
#[inline(always)]
fn fold<S: Simd, E: SimdFloat>(
    x: &[E],
    y: &[E],
    fill: E,
    term: impl Fn(E::V<S>, E::V<S>, E::V<S>) -> E::V<S>,
    combine: impl Fn(E::V<S>, E::V<S>) -> E::V<S>,
) -> E::V<S> {
    assert_eq!(x.len(), y.len());
    let (lanes, block) = (E::V::<S>::LANES, E::V::<S>::BLOCK);
    let mut acc = [E::V::<S>::splat(fill); MOST];
    let (mut xs, mut ys) = (x.chunks_exact(E::BLOCK), y.chunks_exact(E::BLOCK));
    for (x, y) in (&mut xs).zip(&mut ys) {
        for (i, acc) in acc.iter_mut().enumerate().take(block) {
            *acc = term(*acc, E::V::<S>::load(&x[i * lanes..]), E::V::<S>::load(&y[i * lanes..]));
        }
    }
    let (x, y) = (xs.remainder(), ys.remainder());
    for (i, acc) in acc.iter_mut().enumerate().take(block) {
        let from = (i * lanes).min(x.len());
        let (x, y) = (E::V::<S>::load_partial(&x[from..], fill), E::V::<S>::load_partial(&y[from..], fill));
        *acc = term(*acc, x, y);
    }
    let mut half = block / 2;
    while half > 0 {
        for i in 0..half {
            acc[i] = combine(acc[i], acc[i + half]);
        }
        half /= 2;
    }
    acc[0]
}

/// Σ x.
#[inline(always)]
pub(crate) fn sum<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    fold::<S, E>(x, x, E::ZERO, |acc, x, _| acc + x, |a, b| a + b).reduce_sum()
}

/// Σ x y.
#[inline(always)]
pub(crate) fn dot<S: Simd, E: SimdFloat>(x: &[E], y: &[E]) -> E {
    fold::<S, E>(x, y, E::ZERO, |acc, x, y| x.mul_add(y, acc), |a, b| a + b).reduce_sum()
}

/// The largest element; NaN if any is NaN, -∞ if there is none.
#[inline(always)]
pub(crate) fn max<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    fold::<S, E>(x, x, E::NEG_INFINITY, |acc, x, _| x.max_nan(acc), |a, b| a.max_nan(b)).reduce_max()
}
