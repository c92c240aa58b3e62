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
    Kernel, Leaf, MOST, Simd, Term, UNROLLED, Vector, dispatch, dot, fetch, halve, max_number, pairwise, sum,
    sum_of,
};
use std::marker::PhantomData;

/// The kernels of rows of an element type, compiled in this crate. Where there is one number for each row, their number is
/// that of the rows.
pub trait RowMath: Sized {
    /// eˣ / Σ eˣ of x, which is in `out` if it is missing.
    #[doc(hidden)]
    fn softmax(x: Option<&[Self]>, out: &mut [Self], size: usize);
    /// y (g - Σ g y).
    #[doc(hidden)]
    fn softmax_backward(g: &mut [Self], y: &[Self], size: usize);
    /// x - ln Σ eˣ of x, which is in `out` if it is missing.
    #[doc(hidden)]
    fn log_softmax(x: Option<&[Self]>, out: &mut [Self], size: usize);
    /// g - eʸ Σ g.
    #[doc(hidden)]
    fn log_softmax_backward(g: &mut [Self], y: &[Self], size: usize);
    /// ln Σ eˣ.
    #[doc(hidden)]
    fn logsumexp(x: &[Self], size: usize, out: &mut [Self]);
    /// eˣ⁻ʸ g.
    #[doc(hidden)]
    fn logsumexp_backward(x: &mut [Self], size: usize, y: &[Self], g: &[Self]);
    /// exp(x - max x) in place of x; returns the largest number, NaN aside, and the sum.
    #[doc(hidden)]
    fn exponentials(row: &mut [Self]) -> [Self; 2];
    /// The largest number, NaN aside, and Σ exp(x - max x).
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
            fn softmax(x: Option<&[Self]>, out: &mut [Self], size: usize) {
                dispatch(Softmax { x, out, size, log: false });
            }
            fn softmax_backward(g: &mut [Self], y: &[Self], size: usize) {
                dispatch(SoftmaxBackward { g, y, size, log: false });
            }
            fn log_softmax(x: Option<&[Self]>, out: &mut [Self], size: usize) {
                dispatch(Softmax { x, out, size, log: true });
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
fn exp_minus<S: Simd, E: Coefficients>(row: &mut [E], shift: E) {
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
    const LONG: bool = true;
    #[inline(always)]
    fn of<V: Vector<E>>(self, x: V) -> V {
        exp(x - V::splat(self.0))
    }
}

/// exp(x - shift) in place of x; the sum.
#[inline(always)]
pub(in crate::kernel) fn exp_minus_and_sum<S: Simd, E: Coefficients>(row: &mut [E], shift: E) -> E {
    let (out, size) = (row.as_mut_ptr(), row.len());
    pairwise(size, ExpAndSum::<S, E> { x: out.cast_const(), out, size, max: shift, level: PhantomData })[0]
}

/// exp(x - max x) in place of x; the largest number and the sum.
#[inline(always)]
pub(in crate::kernel) fn exponentials<S: Simd, E: Coefficients>(row: &mut [E]) -> [E; 2] {
    // NaN makes the sum NaN, whatever is subtracted.
    let max = max_number::<S, E>(row);
    [max, exp_minus_and_sum::<S, E>(row, max)]
}

/// exp(x - max), and the sums of it, as [`sum_of`] has them. `size` elements are in bounds of `x` and of `out`, and nothing else
/// writes to them; `out` is `x` or apart from it.
struct ExpAndSum<S, E> {
    x: *const E,
    out: *mut E,
    size: usize,
    max: E,
    level: PhantomData<S>,
}

impl<S: Simd, E: Coefficients> ExpAndSum<S, E> {
    /// exp(x - max) of the `n` elements from `at` on; 0 in the lanes after them.
    ///
    /// # Safety
    ///
    /// They are in bounds, and no more than a vector.
    #[inline(always)]
    unsafe fn vector(&self, at: usize, n: usize) -> E::Long<S> {
        // SAFETY: the caller's.
        unsafe {
            let (x, out, whole) = (self.x.add(at), self.out.add(at), n == E::Long::<S>::LANES);
            // e^-∞ is 0.
            let x = if whole {
                E::Long::<S>::load_ptr(x)
            } else {
                E::Long::<S>::load_first(x, n, E::NEG_INFINITY)
            };
            let e = exp(x - E::Long::<S>::splat(self.max));
            if whole {
                e.store_ptr(out)
            } else {
                e.store_first(out, n)
            }
            e
        }
    }
}

impl<S: Simd, E: Coefficients> Leaf<E, 1> for ExpAndSum<S, E> {
    #[inline(always)]
    fn sums(&mut self, mut from: usize, to: usize) -> [E; 1] {
        let (lanes, block) = (E::Long::<S>::LANES, E::Long::<S>::BLOCK);
        let mut acc = [E::Long::<S>::zero(); MOST];
        if block <= UNROLLED {
            let mut sums = [E::Long::<S>::zero(); UNROLLED];
            while to - from >= E::BLOCK {
                for i in 0..block {
                    let at = from + i * lanes;
                    // The lines of the next row, which its maximum would wait for.
                    let mut line = 0;
                    while line < lanes {
                        fetch(self.x.wrapping_add(at + self.size + line));
                        fetch(self.out.wrapping_add(at + self.size + line));
                        line += 64 / size_of::<E>();
                    }
                    // SAFETY: a vector of a block, which is in bounds.
                    sums[i] = sums[i] + unsafe { self.vector(at, lanes) };
                }
                from += E::BLOCK;
            }
            acc[..UNROLLED].copy_from_slice(&sums);
        }
        // One loop for whole and partial vectors, since the function is inlined into it.
        for (i, at) in (from..to).step_by(lanes).enumerate() {
            let acc = &mut acc[i % block];
            // SAFETY: these elements are in bounds.
            *acc = *acc + unsafe { self.vector(at, lanes.min(to - at)) };
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
        let max = max_number::<S, E>(self.0);
        [max, sum_exp_minus::<S, E>(self.0, max)]
    }
}

struct Softmax<'a, E> {
    x: Option<&'a [E]>,
    out: &'a mut [E],
    size: usize,
    log: bool,
}

impl<E: Coefficients> Kernel for Softmax<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Softmax { x, out, size, log } = self;
        let rows = out.len() / size;
        let mut max = if rows > 0 { max_number::<S, E>(row_of(x, out, 0, size)) } else { E::ZERO };
        for row in 0..rows {
            let at = row * size;
            // NaN makes the sum NaN, whatever is subtracted.
            let sum = if log {
                sum_exp_minus::<S, E>(row_of(x, out, at, size), max)
            } else {
                let to = out[at..][..size].as_mut_ptr();
                let x = x.map_or(to.cast_const(), |x| x[at..][..size].as_ptr());
                pairwise(size, ExpAndSum::<S, E> { x, out: to, size, max, level: PhantomData })[0]
            };
            let subtracted = max;
            // Before the last steps for this row: those of the sum and of a maximum wait for each other, and run beside loops.
            if row + 1 < rows {
                max = max_number::<S, E>(row_of(x, out, at + size, size));
            }
            let out = &mut out[at..][..size];
            if log {
                minus_both(x.map(|x| &x[at..][..size]), out, subtracted, sum.ln());
            } else {
                let factor = sum.recip();
                out.iter_mut().for_each(|x| *x *= factor);
            }
        }
    }
}

/// The row from `at` on of x, which is in `out` if it is missing.
#[inline(always)]
fn row_of<'a, E>(x: Option<&'a [E]>, out: &'a [E], at: usize, size: usize) -> &'a [E] {
    &x.unwrap_or(out)[at..][..size]
}

/// x - max - log of a row, which is in `out` if it is missing.
#[inline(always)]
fn minus_both<E: Coefficients>(x: Option<&[E]>, out: &mut [E], max: E, log: E) {
    // Subtracted in sequence: next to a large maximum the logarithm would be rounded away.
    match x {
        Some(x) => out.iter_mut().zip(x).for_each(|(out, x)| *out = *x - max - log),
        None => out.iter_mut().for_each(|x| *x = *x - max - log),
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
            let max = max_number::<S, E>(row);
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
