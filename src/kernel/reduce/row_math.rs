//! The kernels of rows in a contiguous block, `size` elements each, with the instruction set of the machine.
//!
//! A row stays in L1, so passes cost arithmetic. Exponentials are those of [`math`](crate::kernel::math), sums are
//! pairwise, and statistics are in `f64` (see [`sums_in_f64`]).
//!
//! Floor of softmax for an element: one exponential, four loads, two stores.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use crate::kernel::axis::sums_in_f64::{self, Moments};
use crate::kernel::math::{Coefficients, exp};
use crate::kernel::simd::{
    Kernel, Leaf, MOST, Simd, Term, Vector, dispatch, dot, halve, max, pairwise, sum, sum_of,
};
use std::marker::PhantomData;

/// The kernels of rows of an element type, compiled in this crate. Where there is one number for each row, their number is
/// that of the rows.
pub trait RowMath: Sized {
    /// eˣ / Σ eˣ.
    #[doc(hidden)]
    fn softmax(x: &mut [Self], size: usize);
    /// y (g - Σ g y).
    #[doc(hidden)]
    fn softmax_backward(g: &mut [Self], y: &[Self], size: usize);
    /// x - ln Σ eˣ.
    #[doc(hidden)]
    fn log_softmax(x: &mut [Self], size: usize);
    /// g - eʸ Σ g.
    #[doc(hidden)]
    fn log_softmax_backward(g: &mut [Self], y: &[Self], size: usize);
    /// ln Σ eˣ.
    #[doc(hidden)]
    fn logsumexp(x: &[Self], size: usize, out: &mut [Self]);
    /// eˣ⁻ʸ g.
    #[doc(hidden)]
    fn logsumexp_backward(x: &mut [Self], size: usize, y: &[Self], g: &[Self]);
    /// exp(x - max x) in place of x; returns the maximum and the sum.
    #[doc(hidden)]
    fn exponentials(row: &mut [Self]) -> [Self; 2];
    /// The maximum, and Σ exp(x - max x).
    #[doc(hidden)]
    fn sum_of_exponentials(row: &[Self]) -> [Self; 2];
    /// Σ x y.
    #[doc(hidden)]
    fn dot_of(x: &[Self], y: &[Self]) -> Self;
    /// The mean and the sum of squares.
    #[doc(hidden)]
    fn moments(x: &[Self], size: usize, out: &mut [Moments]);
    /// (x - mean) times the factor.
    #[doc(hidden)]
    fn centered(x: &mut [Self], size: usize, factors: &[f64]);
}

macro_rules! row_math {
    ($($t:ty),*) => { $(
        impl RowMath for $t {
            fn softmax(x: &mut [Self], size: usize) {
                dispatch(Softmax { x, size, log: false });
            }
            fn softmax_backward(g: &mut [Self], y: &[Self], size: usize) {
                dispatch(SoftmaxBackward { g, y, size, log: false });
            }
            fn log_softmax(x: &mut [Self], size: usize) {
                dispatch(Softmax { x, size, log: true });
            }
            fn log_softmax_backward(g: &mut [Self], y: &[Self], size: usize) {
                dispatch(SoftmaxBackward { g, y, size, log: true });
            }
            fn logsumexp(x: &[Self], size: usize, out: &mut [Self]) {
                dispatch(Logsumexp { x, size, out });
            }
            fn logsumexp_backward(x: &mut [Self], size: usize, y: &[Self], g: &[Self]) {
                dispatch(LogsumexpBackward { x, size, y, g });
            }
            fn exponentials(row: &mut [Self]) -> [Self; 2] {
                dispatch(Exponentials(row))
            }
            fn sum_of_exponentials(row: &[Self]) -> [Self; 2] {
                dispatch(SumOfExponentials(row))
            }
            fn dot_of(x: &[Self], y: &[Self]) -> Self {
                dispatch(Dot(x, y))
            }
            fn moments(x: &[Self], size: usize, out: &mut [Moments]) {
                dispatch(MomentsOf { x, size, out });
            }
            fn centered(x: &mut [Self], size: usize, factors: &[f64]) {
                dispatch(Centered { x, size, factors });
            }
        }
    )* };
}
row_math!(f32, f64);

/// exp(x - shift) in place of x.
#[inline(always)]
pub(in crate::kernel) fn exp_minus<S: Simd, E: Coefficients>(row: &mut [E], shift: E) {
    let (shift, lanes) = (E::Long::<S>::splat(shift), E::Long::<S>::LANES);
    // One loop for whole and partial vectors, since the function is inlined into it.
    for x in row.chunks_mut(lanes) {
        let whole = x.len() == lanes;
        let x_or_zero = if whole { E::Long::<S>::load(x) } else { E::Long::<S>::load_partial(x, E::ZERO) };
        let e = exp(x_or_zero - shift);
        if whole { e.store(x) } else { e.store_partial(x) }
    }
}

/// Σ exp(x - shift).
#[inline(always)]
fn sum_exp_minus<S: Simd, E: Coefficients>(row: &[E], shift: E) -> E {
    // e^-∞ is 0.
    sum_of::<S, E>(row, E::NEG_INFINITY, ExpMinus(shift))
}

/// exp(x - shift).
#[derive(Clone, Copy)]
struct ExpMinus<E>(E);

impl<E: Coefficients> Term<E> for ExpMinus<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, x: V) -> V {
        exp(x - V::splat(self.0))
    }
}

/// exp(x - max x) in place of x; the maximum and the sum.
#[inline(always)]
pub(in crate::kernel) fn exponentials<S: Simd, E: Coefficients>(row: &mut [E]) -> [E; 2] {
    let max = max::<S, E>(row);
    let [sum] = pairwise(row.len(), ExpAndSum::<S, E> { row, max, level: PhantomData });
    [max, sum]
}

/// exp(x - max) in place of x, and the sums of it, as [`sum_of`] has them.
struct ExpAndSum<'a, S, E> {
    row: &'a mut [E],
    max: E,
    level: PhantomData<S>,
}

impl<S: Simd, E: Coefficients> Leaf<E, 1> for ExpAndSum<'_, S, E> {
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [E; 1] {
        let (lanes, max) = (E::Long::<S>::LANES, E::Long::<S>::splat(self.max));
        let mut acc = [E::Long::<S>::zero(); MOST];
        for block in self.row[from..to].chunks_mut(E::BLOCK) {
            // One loop for whole and partial vectors, since the function is inlined into it.
            for (x, acc) in block.chunks_mut(lanes).zip(&mut acc) {
                let whole = x.len() == lanes;
                // e^-∞ is 0.
                let x_or_least = if whole {
                    E::Long::<S>::load(x)
                } else {
                    E::Long::<S>::load_partial(x, E::NEG_INFINITY)
                };
                let e = exp(x_or_least - max);
                *acc = *acc + e;
                if whole { e.store(x) } else { e.store_partial(x) }
            }
        }
        [halve::<E, _>(&mut acc, |a, b| a + b).reduce_sum()]
    }
}

struct Exponentials<'a, E>(&'a mut [E]);

impl<E: Coefficients> Kernel for Exponentials<'_, E> {
    type Output = [E; 2];
    #[inline(always)]
    fn run<S: Simd>(self) -> [E; 2] {
        exponentials::<S, E>(self.0)
    }
}

struct Dot<'a, E>(&'a [E], &'a [E]);

impl<E: Coefficients> Kernel for Dot<'_, E> {
    type Output = E;
    #[inline(always)]
    fn run<S: Simd>(self) -> E {
        dot::<S, E>(self.0, self.1)
    }
}

struct SumOfExponentials<'a, E>(&'a [E]);

impl<E: Coefficients> Kernel for SumOfExponentials<'_, E> {
    type Output = [E; 2];
    #[inline(always)]
    fn run<S: Simd>(self) -> [E; 2] {
        let max = max::<S, E>(self.0);
        [max, sum_exp_minus::<S, E>(self.0, max)]
    }
}

struct Softmax<'a, E> {
    x: &'a mut [E],
    size: usize,
    log: bool,
}

impl<E: Coefficients> Kernel for Softmax<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for row in self.x.chunks_exact_mut(self.size) {
            if self.log {
                let max = max::<S, E>(row);
                let log = sum_exp_minus::<S, E>(row, max).ln();
                // Subtracted in sequence: next to a large maximum the logarithm would be rounded away.
                row.iter_mut().for_each(|x| *x = *x - max - log);
            } else {
                let [_, sum] = exponentials::<S, E>(row);
                let factor = sum.recip();
                row.iter_mut().for_each(|x| *x *= factor);
            }
        }
    }
}

struct SoftmaxBackward<'a, E> {
    g: &'a mut [E],
    y: &'a [E],
    size: usize,
    log: bool,
}

impl<E: Coefficients> Kernel for SoftmaxBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (g, y) in self.g.chunks_exact_mut(self.size).zip(self.y.chunks_exact(self.size)) {
            if self.log {
                let sum = E::Long::<S>::splat(sum::<S, E>(g));
                let lanes = E::Long::<S>::LANES;
                for (g, y) in g.chunks_mut(lanes).zip(y.chunks(lanes)) {
                    let whole = g.len() == lanes;
                    let load = |x| {
                        if whole { E::Long::<S>::load(x) } else { E::Long::<S>::load_partial(x, E::ZERO) }
                    };
                    let d = exp(load(y)).neg_mul_add(sum, load(g));
                    if whole { d.store(g) } else { d.store_partial(g) }
                }
            } else {
                let dot = dot::<S, E>(g, y);
                g.iter_mut().zip(y).for_each(|(g, y)| *g = *y * (*g - dot));
            }
        }
    }
}

struct Logsumexp<'a, E> {
    x: &'a [E],
    size: usize,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for Logsumexp<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (i, out) in self.out.iter_mut().enumerate() {
            let row = &self.x[i * self.size..][..self.size];
            let max = max::<S, E>(row);
            // Infinity minus itself is NaN.
            let max = if max.is_infinite() { E::ZERO } else { max };
            *out = sum_exp_minus::<S, E>(row, max).ln() + max;
        }
    }
}

struct LogsumexpBackward<'a, E> {
    x: &'a mut [E],
    size: usize,
    y: &'a [E],
    g: &'a [E],
}

impl<E: Coefficients> Kernel for LogsumexpBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for ((row, y), g) in self.x.chunks_exact_mut(self.size).zip(self.y).zip(self.g) {
            exp_minus::<S, E>(row, *y);
            row.iter_mut().for_each(|x| *x *= *g);
        }
    }
}

struct MomentsOf<'a, E> {
    x: &'a [E],
    size: usize,
    out: &'a mut [Moments],
}

impl<E: Coefficients> Kernel for MomentsOf<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (i, out) in self.out.iter_mut().enumerate() {
            *out = sums_in_f64::moments::<S, E>(&self.x[i * self.size..][..self.size]);
        }
    }
}

struct Centered<'a, E> {
    x: &'a mut [E],
    size: usize,
    factors: &'a [f64],
}

impl<E: Coefficients> Kernel for Centered<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (row, factor) in self.x.chunks_exact_mut(self.size).zip(self.factors) {
            let Moments { mean, scale, .. } = sums_in_f64::moments::<S, E>(row);
            let factor = factor / scale;
            row.iter_mut().for_each(|x| *x = E::from_f64((x.as_f64() * scale - mean) * factor));
        }
    }
}
