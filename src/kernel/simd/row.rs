//! Reductions of a slice, whose bits depend neither on the level's number of lanes nor on the alignment.
//!
//! There are [`SimdFloat::BLOCK`] accumulators at every level, 64 for `f32` and 32 for `f64`: element i goes to
//! accumulator i mod BLOCK. At the end the upper half of them is added to the lower one until one is left.
//! A last incomplete block counts as if zeros followed it. Sums of more than [`LEAF`] elements are added pairwise, so
//! that the error grows with the logarithm of their number.
//!
//! Floor: one load and one addition for a vector; the four accumulators of AVX-512 hide the latency of the addition.

use super::{Simd, SimdFloat, Vector, fetch_next};
use crate::element::Numeric;
use std::marker::PhantomData;

/// As many vectors as the level with the fewest lanes needs for a block.
pub(crate) const MOST: usize = 16;

/// The vectors of a block of [`SimdFloat::Long`] with AVX2; with AVX-512 it is one. Loops over so many are unrolled, and
/// their sums stay in registers; an array with a variable index is in memory.
pub(crate) const UNROLLED: usize = 4;

/// The number of elements that are summed without pairs: 32 or 64 for each accumulator.
const LEAF: usize = 2048;

/// T sums over a part of a row. A trait and not a closure: a closure that is not inlined is compiled for the baseline, and
/// so are the intrinsics in it.
pub(crate) trait Leaf<E, const T: usize> {
    /// The sums over `from..to`. Must be `#[inline(always)]`.
    fn sums(&mut self, from: usize, to: usize) -> [E; T];
}

/// The sums of 2ⁱ leaves at i, where bit i of the number of leaves is set.
struct Pairs<E, const T: usize> {
    sums: [[E; T]; 48],
    leaves: u64,
}

// Not inlined: called once for a leaf of rows that are longer than one, they would be a large part of each kernel.
impl<E: SimdFloat, const T: usize> Pairs<E, T> {
    fn new() -> Self {
        Pairs { sums: [[E::ZERO; T]; 48], leaves: 0 }
    }

    /// Adds the sums of the next leaf, whose index is `leaves`.
    #[inline(never)]
    fn push(&mut self, mut sum: [E; T]) {
        self.leaves += 1;
        let pairs = self.leaves.trailing_zeros() as usize;
        for left in &self.sums[..pairs] {
            (0..T).for_each(|t| sum[t] = left[t] + sum[t]);
        }
        self.sums[pairs] = sum;
    }

    #[inline(never)]
    fn total(&self) -> [E; T] {
        let mut total = [E::ZERO; T];
        for (i, left) in self.sums.iter().enumerate() {
            if self.leaves >> i & 1 == 1 {
                (0..T).for_each(|t| total[t] = left[t] + total[t]);
            }
        }
        total
    }
}

/// T sums over the parts of 0..n, added pairwise.
#[inline(always)]
pub(crate) fn pairwise<E: SimdFloat, const T: usize>(n: usize, mut leaf: impl Leaf<E, T>) -> [E; T] {
    // Most rows are one leaf.
    let mut pairs = None;
    let mut from = 0;
    // The only call of the leaf, which is inlined and large.
    loop {
        let to = n.min(from + LEAF);
        let sum = leaf.sums(from, to);
        if n <= LEAF {
            return sum;
        }
        let pairs = pairs.get_or_insert_with(Pairs::new);
        pairs.push(sum);
        if to == n {
            return pairs.total();
        }
        from = to;
    }
}

/// Σ of what `term` makes of the vectors of `x` and `y`, with accumulators `acc ← term(acc, x, y)` that begin as `first`.
/// After the end of the slices the elements are `fill`, which changes no accumulator.
#[inline(always)]
fn fold<S: Simd, E: SimdFloat>(
    x: &[E],
    y: &[E],
    (first, fill): (E, E),
    term: impl Fn(E::V<S>, E::V<S>, E::V<S>) -> E::V<S>,
    combine: impl Fn(E::V<S>, E::V<S>) -> E::V<S>,
) -> E::V<S> {
    assert_eq!(x.len(), y.len());
    let (lanes, block) = (E::V::<S>::LANES, E::V::<S>::BLOCK);
    let mut acc = [E::V::<S>::splat(first); MOST];
    let (mut xs, mut ys) = (x.chunks_exact(E::BLOCK), y.chunks_exact(E::BLOCK));
    for (x, y) in (&mut xs).zip(&mut ys) {
        for (i, acc) in acc.iter_mut().enumerate().take(block) {
            *acc = term(*acc, E::V::<S>::load(&x[i * lanes..]), E::V::<S>::load(&y[i * lanes..]));
        }
    }
    let (x, y) = (xs.remainder(), ys.remainder());
    for (i, acc) in acc.iter_mut().enumerate().take(block) {
        let from = i * lanes;
        if from < x.len() {
            let (x, y) =
                (E::V::<S>::load_partial(&x[from..], fill), E::V::<S>::load_partial(&y[from..], fill));
            *acc = term(*acc, x, y);
        }
    }
    halve::<E, _>(&mut acc, combine)
}

/// The terms of a sum. A trait and not a closure, as [`Leaf`].
pub(crate) trait Term<E: SimdFloat>: Copy {
    /// Whether it has many instructions.
    const LONG: bool;
    /// The term of each lane. Must be `#[inline(always)]`.
    fn of<V: Vector<E>>(self, x: V) -> V;
}

/// The element itself.
#[derive(Clone, Copy)]
struct Itself;

impl<E: SimdFloat> Term<E> for Itself {
    const LONG: bool = false;
    #[inline(always)]
    fn of<V: Vector<E>>(self, x: V) -> V {
        x
    }
}

/// Σ x, with an error of at most 1e-6 Σ |x| for 2²⁰ `f32`.
#[inline(always)]
pub(crate) fn sum<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    sum_of::<S, E>(x, E::ZERO, Itself)
}

/// Σ f(x) over parts of a row, where f(fill) is 0.
struct SumOf<'a, S, E, F> {
    x: &'a [E],
    fill: E,
    f: F,
    level: PhantomData<S>,
}

impl<S: Simd, E: SimdFloat, F: Term<E>> Leaf<E, 1> for SumOf<'_, S, E, F> {
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [E; 1] {
        if to == self.x.len() {
            fetch_next(self.x);
        }
        let x = &self.x[from..to];
        [if F::LONG { self.sum::<E::Long<S>>(x) } else { self.sum::<E::Pair<S>>(x) }]
    }
}

impl<S: Simd, E: SimdFloat, F: Term<E>> SumOf<'_, S, E, F> {
    #[inline(always)]
    fn sum<V: Vector<E>>(&self, x: &[E]) -> E {
        let mut acc = [V::zero(); MOST];
        for block in x.chunks(E::BLOCK) {
            // One loop for whole and partial blocks, since the term is inlined into it.
            let whole = block.len() == E::BLOCK;
            for (i, acc) in acc.iter_mut().enumerate().take(V::BLOCK) {
                let x = if whole {
                    V::load(&block[i * V::LANES..])
                } else if i * V::LANES < block.len() {
                    V::load_partial(&block[i * V::LANES..], self.fill)
                } else {
                    break;
                };
                *acc = *acc + self.f.of(x);
            }
        }
        halve::<E, _>(&mut acc, |a, b| a + b).reduce_sum()
    }
}

/// The accumulators as one: the upper half is combined with the lower one until one is left.
#[inline(always)]
pub(crate) fn halve<E: SimdFloat, V: Vector<E>>(acc: &mut [V], combine: impl Fn(V, V) -> V) -> V {
    let mut half = V::BLOCK / 2;
    while half > 0 {
        for i in 0..half {
            acc[i] = combine(acc[i], acc[i + half]);
        }
        half /= 2;
    }
    acc[0]
}

/// Σ f(x), where f(fill) is 0.
#[inline(always)]
pub(crate) fn sum_of<S: Simd, E: SimdFloat>(x: &[E], fill: E, f: impl Term<E>) -> E {
    pairwise(x.len(), SumOf::<S, E, _> { x, fill, f, level: PhantomData })[0]
}

/// Σ x y over parts of two rows.
struct Dot<'a, S, E> {
    x: &'a [E],
    y: &'a [E],
    level: PhantomData<S>,
}

impl<S: Simd, E: SimdFloat> Leaf<E, 1> for Dot<'_, S, E> {
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [E; 1] {
        let (x, y) = (&self.x[from..to], &self.y[from..to]);
        [fold::<S, E>(x, y, (E::ZERO, E::ZERO), |acc, x, y| x.mul_add(y, acc), |a, b| a + b).reduce_sum()]
    }
}

/// Σ x y.
#[inline(always)]
pub(crate) fn dot<S: Simd, E: SimdFloat>(x: &[E], y: &[E]) -> E {
    assert_eq!(x.len(), y.len());
    pairwise(x.len(), Dot::<S, E> { x, y, level: PhantomData })[0]
}

/// The largest number, NaN aside; -∞ if there is none.
#[inline(always)]
pub(crate) fn max_number<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    fold::<S, E>(x, x, (E::NEG_INFINITY, E::NEG_INFINITY), |acc, x, _| x.max(acc), |a, b| a.max(b)).largest()
}

/// The largest element; NaN if any is NaN, -∞ if there is none.
#[inline(always)]
pub(crate) fn max<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    fold::<S, E>(x, x, (E::NEG_INFINITY, E::NEG_INFINITY), |acc, x, _| x.max_nan(acc), |a, b| a.max_nan(b))
        .reduce_max()
}

/// The smallest element; NaN if any is NaN, ∞ if there is none.
#[inline(always)]
pub(crate) fn min<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    let infinity = -E::NEG_INFINITY;
    fold::<S, E>(x, x, (infinity, infinity), |acc, x, _| x.min_nan(acc), |a, b| a.min_nan(b)).reduce_min()
}

/// The product of the elements; 1 if there is none.
#[inline(always)]
pub(crate) fn product<S: Simd, E: SimdFloat>(x: &[E]) -> E {
    let product = fold::<S, E>(x, x, (E::one(), E::one()), |acc, x, _| acc * x, |a, b| a * b);
    let mut lanes = [E::one(); 16];
    product.store(&mut lanes[..E::V::<S>::LANES]);
    product_of_all(lanes)
}

/// The product of N elements, a power of 2: the lower half is multiplied by the upper one until one element is left.
#[inline(always)]
pub(crate) fn product_of_all<const N: usize, E: Numeric>(mut x: [E; N]) -> E {
    let mut half = N / 2;
    while half > 0 {
        for i in 0..half {
            let other = x[i + half];
            x[i] *= other;
        }
        half /= 2;
    }
    x[0]
}
