//! Softmax along an axis that is not the last: the lanes are adjacent in memory, and a vector has an element of each of several lanes.
//!
//! For axes of at most [`MOST`] elements: sums are of [`ROWS`] terms in sequence, and of as many of such sums.
//!
//! Floor: an exponential for each element, while a strip of [`SIDE`] vectors stays in L1.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::math::exp;
use crate::kernel::math::logarithm::ln;
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};

/// The size of the largest axis.
const MOST: usize = ROWS * ROWS;

/// The number of rows that are added in sequence.
const ROWS: usize = 16;

/// The number of vectors side by side.
const SIDE: usize = 4;

/// The number of columns from which on vectors are used.
const LEAST: usize = 8;

/// Whether lanes are computed here, by sizes only.
pub(crate) fn fit(along: AxisLayout) -> bool {
    along.inner >= LEAST && (1..=MOST).contains(&along.size)
}

/// Softmax along the columns of blocks of `size` rows of `inner` elements; see [`RowMath`](super::row_math::RowMath).
pub trait ColumnMath: Sized {
    /// eˣ / Σ eˣ, or its logarithm, of the columns of each block.
    #[doc(hidden)]
    fn softmax_columns(x: &mut [Self], size: usize, inner: usize, log: bool);
    /// The gradient of it, from that of y and from y.
    #[doc(hidden)]
    fn softmax_columns_backward(g: &mut [Self], y: &[Self], size: usize, inner: usize, log: bool);
    /// exp(x - max) in place of one block, and for each column the maximum, the sum and its logarithm.
    #[doc(hidden)]
    fn exponentials_of_columns(x: &mut [Self], size: usize, results: [&mut [Self]; 3]);
    /// The same results without the exponentials.
    #[doc(hidden)]
    fn sums_of_columns(x: &[Self], size: usize, results: [&mut [Self]; 3]);
    /// Each row times the factors of the columns.
    #[doc(hidden)]
    fn scale_columns(x: &mut [Self], factors: &[Self]);
}

macro_rules! column_math {
    ($($t:ty),*) => { $(
        impl ColumnMath for $t {
            fn softmax_columns(x: &mut [Self], size: usize, inner: usize, log: bool) {
                dispatch(Softmax { x, size, inner, log });
            }
            fn softmax_columns_backward(g: &mut [Self], y: &[Self], size: usize, inner: usize, log: bool) {
                dispatch(Backward { g, y, size, inner, log });
            }
            fn exponentials_of_columns(x: &mut [Self], size: usize, results: [&mut [Self]; 3]) {
                dispatch(Exponentials { x, size, results });
            }
            fn sums_of_columns(x: &[Self], size: usize, results: [&mut [Self]; 3]) {
                dispatch(SumsOfExponentials { x, size, results });
            }
            fn scale_columns(x: &mut [Self], factors: &[Self]) {
                dispatch(Scale { x, factors });
            }
        }
    )* };
}
column_math!(f32, f64);

type Vectors<S, E> = [<E as crate::kernel::simd::SimdFloat>::Pair<S>; SIDE];

/// Vector `v` of a part of a row, and `fill` after its end.
#[inline(always)]
fn load<S: Simd, E: Coefficients>(row: &[E], v: usize, fill: E) -> E::Pair<S> {
    E::Pair::<S>::load_up_to(&row[v * E::Pair::<S>::LANES..], fill)
}

#[inline(always)]
fn store<S: Simd, E: Coefficients>(x: E::Pair<S>, row: &mut [E], v: usize) {
    x.store_up_to(&mut row[v * E::Pair::<S>::LANES..]);
}

/// Some columns of a block: the first one, and how many, which SIDE vectors have.
#[derive(Clone, Copy)]
struct Strip {
    first: usize,
    width: usize,
    inner: usize,
    vectors: usize,
}

impl Strip {
    /// The part of a row.
    #[inline(always)]
    fn of<'a, E>(&self, row: &'a [E]) -> &'a [E] {
        &row[self.first..self.first + self.width]
    }

    #[inline(always)]
    fn of_mut<'a, E>(&self, row: &'a mut [E]) -> &'a mut [E] {
        &mut row[self.first..self.first + self.width]
    }
}

/// The strips of blocks of rows of `inner` elements.
#[inline(always)]
fn strips<S: Simd, E: Coefficients>(inner: usize) -> impl Iterator<Item = Strip> {
    let lanes = E::Pair::<S>::LANES;
    (0..inner).step_by(SIDE * lanes).map(move |first| {
        let width = (SIDE * lanes).min(inner - first);
        Strip { first, width, inner, vectors: width.div_ceil(lanes) }
    })
}

/// The largest number of each column, NaN aside, which makes the sum NaN.
#[inline(always)]
fn maxima<S: Simd, E: Coefficients>(block: &[E], strip: Strip) -> Vectors<S, E> {
    let mut max = [E::Pair::<S>::splat(E::NEG_INFINITY); SIDE];
    for row in block.chunks_exact(strip.inner) {
        let row = strip.of(row);
        for (v, max) in max.iter_mut().enumerate().take(strip.vectors) {
            *max = load::<S, E>(row, v, E::ZERO).max(*max);
        }
    }
    max
}

/// exp(x - max) in place of the columns, and their sums.
#[inline(always)]
fn exponentials<S: Simd, E: Coefficients>(
    block: &mut [E],
    strip: Strip,
    max: &Vectors<S, E>,
) -> Vectors<S, E> {
    let mut sums = [E::Pair::<S>::zero(); SIDE];
    for rows in block.chunks_mut(ROWS * strip.inner) {
        let mut parts = [E::Pair::<S>::zero(); SIDE];
        for row in rows.chunks_exact_mut(strip.inner) {
            let row = strip.of_mut(row);
            for (v, part) in parts.iter_mut().enumerate().take(strip.vectors) {
                let e = exp(load::<S, E>(row, v, E::ZERO) - max[v]);
                store::<S, E>(e, row, v);
                *part = *part + e;
            }
        }
        (0..SIDE).for_each(|v| sums[v] = sums[v] + parts[v]);
    }
    sums
}

/// Σ exp(x - max) of the columns.
#[inline(always)]
fn sums<S: Simd, E: Coefficients>(block: &[E], strip: Strip, max: &Vectors<S, E>) -> Vectors<S, E> {
    let mut sums = [E::Pair::<S>::zero(); SIDE];
    for rows in block.chunks(ROWS * strip.inner) {
        let mut parts = [E::Pair::<S>::zero(); SIDE];
        for row in rows.chunks_exact(strip.inner) {
            let row = strip.of(row);
            for (v, part) in parts.iter_mut().enumerate().take(strip.vectors) {
                *part = *part + exp(load::<S, E>(row, v, E::ZERO) - max[v]);
            }
        }
        (0..SIDE).for_each(|v| sums[v] = sums[v] + parts[v]);
    }
    sums
}

/// Writes the results of a strip.
#[inline(always)]
fn write<S: Simd, E: Coefficients>(
    [to_max, to_sum, to_log]: &mut [&mut [E]; 3],
    strip: Strip,
    max: &Vectors<S, E>,
    sum: &Vectors<S, E>,
) {
    for v in 0..strip.vectors {
        store::<S, E>(max[v], strip.of_mut(to_max), v);
        store::<S, E>(sum[v], strip.of_mut(to_sum), v);
        store::<S, E>(ln(sum[v]), strip.of_mut(to_log), v);
    }
}

struct Exponentials<'a, E> {
    x: &'a mut [E],
    size: usize,
    results: [&'a mut [E]; 3],
}

impl<E: Coefficients> Kernel for Exponentials<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(mut self) {
        for strip in strips::<S, E>(self.x.len() / self.size) {
            let max = maxima::<S, E>(self.x, strip);
            let sum = exponentials::<S, E>(self.x, strip, &max);
            write::<S, E>(&mut self.results, strip, &max, &sum);
        }
    }
}

struct SumsOfExponentials<'a, E> {
    x: &'a [E],
    size: usize,
    results: [&'a mut [E]; 3],
}

impl<E: Coefficients> Kernel for SumsOfExponentials<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(mut self) {
        for strip in strips::<S, E>(self.x.len() / self.size) {
            let max = maxima::<S, E>(self.x, strip);
            let sum = sums::<S, E>(self.x, strip, &max);
            write::<S, E>(&mut self.results, strip, &max, &sum);
        }
    }
}

struct Softmax<'a, E> {
    x: &'a mut [E],
    size: usize,
    inner: usize,
    log: bool,
}

impl<E: Coefficients> Kernel for Softmax<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Softmax { x, size, inner, log } = self;
        for block in x.chunks_exact_mut(size * inner) {
            for strip in strips::<S, E>(inner) {
                let max = maxima::<S, E>(block, strip);
                let mut factors = [E::Pair::<S>::zero(); SIDE];
                if log {
                    let sum = sums::<S, E>(block, strip, &max);
                    (0..strip.vectors).for_each(|v| factors[v] = ln(sum[v]));
                } else {
                    let sum = exponentials::<S, E>(block, strip, &max);
                    (0..SIDE).for_each(|v| factors[v] = E::Pair::<S>::splat(E::one()) / sum[v]);
                }
                for row in block.chunks_exact_mut(inner) {
                    let row = strip.of_mut(row);
                    for v in 0..strip.vectors {
                        let x = load::<S, E>(row, v, E::ZERO);
                        // Subtracted in sequence: next to a large maximum the logarithm would be rounded away.
                        let y = if log { x - max[v] - factors[v] } else { x * factors[v] };
                        store::<S, E>(y, row, v);
                    }
                }
            }
        }
    }
}

struct Backward<'a, E> {
    g: &'a mut [E],
    y: &'a [E],
    size: usize,
    inner: usize,
    log: bool,
}

impl<E: Coefficients> Kernel for Backward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Backward { g, y, size, inner, log } = self;
        for (g, y) in g.chunks_exact_mut(size * inner).zip(y.chunks_exact(size * inner)) {
            for strip in strips::<S, E>(inner) {
                // Σ g, or Σ g y.
                let mut sums = [E::Pair::<S>::zero(); SIDE];
                for (g, y) in g.chunks(ROWS * inner).zip(y.chunks(ROWS * inner)) {
                    let mut parts = [E::Pair::<S>::zero(); SIDE];
                    for (g, y) in g.chunks_exact(inner).zip(y.chunks_exact(inner)) {
                        let (g, y) = (strip.of(g), strip.of(y));
                        for (v, part) in parts.iter_mut().enumerate().take(strip.vectors) {
                            let g = load::<S, E>(g, v, E::ZERO);
                            *part =
                                if log { *part + g } else { g.mul_add(load::<S, E>(y, v, E::ZERO), *part) };
                        }
                    }
                    (0..SIDE).for_each(|v| sums[v] = sums[v] + parts[v]);
                }
                for (g, y) in g.chunks_exact_mut(inner).zip(y.chunks_exact(inner)) {
                    let (to, y) = (strip.of_mut(g), strip.of(y));
                    for v in 0..strip.vectors {
                        let (g, y) = (load::<S, E>(to, v, E::ZERO), load::<S, E>(y, v, E::ZERO));
                        let d = if log { exp(y).neg_mul_add(sums[v], g) } else { y * (g - sums[v]) };
                        store::<S, E>(d, to, v);
                    }
                }
            }
        }
    }
}

struct Scale<'a, E> {
    x: &'a mut [E],
    factors: &'a [E],
}

impl<E: Coefficients> Kernel for Scale<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for row in self.x.chunks_exact_mut(self.factors.len()) {
            row.iter_mut().zip(self.factors).for_each(|(x, factor)| *x *= *factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Float;
    use crate::kernel::simd::{Level, with_level};

    fn numbers<E: Float>(n: usize, seed: usize) -> Vec<E> {
        (0..n).map(|i| E::from_f64(((i * 7919 + seed * 104_729) % 1009) as f64 / 100.0 - 5.0)).collect()
    }

    /// The column at `at` of the block of `size` rows of `inner`.
    fn column<E: Float>(x: &[E], (size, inner): (usize, usize), at: usize) -> Vec<f64> {
        let start = at / inner * size * inner + at % inner;
        (0..size).map(|k| x[start + k * inner].as_f64()).collect()
    }

    fn close<E: Float>(got: &[f64], want: impl Iterator<Item = f64>, what: &str) {
        let digits = 64.0 * E::epsilon().as_f64();
        got.iter().zip(want).for_each(|(got, want)| {
            assert!((got - want).abs() <= digits * (1.0 + want.abs()), "{what}: {got}, not {want}");
        });
    }

    fn agree<E: Float + ColumnMath>(size: usize, inner: usize) {
        let sizes = (size, inner);
        let (x, g) = (numbers::<E>(2 * size * inner, 1), numbers::<E>(2 * size * inner, 2));
        let (mut y, mut log) = (x.clone(), x.clone());
        E::softmax_columns(&mut y, size, inner, false);
        E::softmax_columns(&mut log, size, inner, true);
        let (mut to_x, mut log_to_x) = (g.clone(), g.clone());
        E::softmax_columns_backward(&mut to_x, &y, size, inner, false);
        E::softmax_columns_backward(&mut log_to_x, &log, size, inner, true);
        for at in 0..2 * inner {
            let (x, g) = (column(&x, sizes, at), column(&g, sizes, at));
            let max = x.iter().fold(f64::NEG_INFINITY, |max, x| max.max(*x));
            let sum: f64 = x.iter().map(|x| (x - max).exp()).sum();
            let p: Vec<f64> = x.iter().map(|x| (x - max).exp() / sum).collect();
            close::<E>(&column(&y, sizes, at), p.iter().copied(), "softmax");
            close::<E>(&column(&log, sizes, at), x.iter().map(|x| x - max - sum.ln()), "log_softmax");
            let dot: f64 = p.iter().zip(&g).map(|(p, g)| p * g).sum();
            let want = p.iter().zip(&g).map(|(p, g)| p * (g - dot));
            close::<E>(&column(&to_x, sizes, at), want, "softmax backward");
            let total: f64 = g.iter().sum();
            let scale = size as f64;
            let got: Vec<f64> = column(&log_to_x, sizes, at).iter().map(|d| d / scale).collect();
            let want = p.iter().zip(&g).map(|(p, g)| (g - p * total) / scale);
            close::<E>(&got, want, "log_softmax backward");
        }
        let block = &x[..size * inner];
        let mut results = [(); 3].map(|()| vec![E::zero(); inner]);
        let mut alone = results.clone();
        let mut exponentials = block.to_vec();
        let [max, sum, log] = &mut results;
        E::exponentials_of_columns(&mut exponentials, size, [max, sum, log]);
        let [max, sum, log] = &mut alone;
        E::sums_of_columns(block, size, [max, sum, log]);
        assert_eq!(results, alone);
        for (at, sum) in results[1].iter().enumerate() {
            let e = column(&exponentials, sizes, at);
            close::<E>(&[sum.as_f64()], [e.iter().sum::<f64>()].into_iter(), "sum");
            close::<E>(&[results[2][at].as_f64()], [sum.as_f64().ln()].into_iter(), "logarithm");
            let want = column(block, sizes, at).into_iter().fold(f64::NEG_INFINITY, f64::max);
            assert_eq!(results[0][at].as_f64(), want);
        }
    }

    #[test]
    fn every_number_of_columns_agrees_with_the_definition_at_every_level() {
        for level in Level::ALL {
            with_level(level, || {
                for inner in (1..=70).chain([333]) {
                    agree::<f32>(5, inner);
                    agree::<f64>(5, inner);
                }
                for size in [1, 2, ROWS, ROWS + 1, MOST] {
                    agree::<f32>(size, 9);
                    agree::<f64>(size, 9);
                }
            });
        }
    }

    #[test]
    fn nan_and_infinities_stay_in_their_column() {
        let mut x = [0.0_f32, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.0, 0.0, 0.0, f32::NEG_INFINITY];
        f32::softmax_columns(&mut x, 2, 4, false);
        assert!((x[0] - 0.268_941_43).abs() < 1e-7 && (x[0] + x[4] - 1.0).abs() < 1e-7);
        assert!([x[1], x[5], x[2], x[3], x[7]].iter().all(|x| x.is_nan()), "{x:?}");
    }
}
