//! Norms of rows, and their gradients: rows in a contiguous block, `size` elements each, with the instruction set of the machine.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::{lanes, sums_in_f64};
use crate::kernel::elementwise::number::sign;
use crate::kernel::math::arithmetic::{exact_divisor, quotient};
use crate::kernel::math::{Coefficients, pow};
use crate::kernel::reduce::argmax::is_nan;
use crate::kernel::simd::{Kernel, Leaf, MOST, Simd, Vector, dispatch, dot, pairwise};
use crate::storage::Storage;
use std::marker::PhantomData;

/// The norms of an element type, compiled in this crate. Where there is one number for each row, their number is that of the
/// rows.
pub trait Norms: Sized {
    /// (Σ |x|ᵖ)^(1/p), and its limits at p = 0 and at the infinities.
    #[doc(hidden)]
    fn norm(x: &[Self], size: usize, p: f64, out: &mut [Self]);
    /// (Σ x²)^½, rounded to twice the precision of `f32`.
    #[doc(hidden)]
    fn norm_in_f64(x: &[Self]) -> f64;
    /// sign(x) (|x| / norm)^(p - 1) g, and 0 where x or the norm is 0, in place of x.
    #[doc(hidden)]
    fn norm_backward(x: &mut [Self], size: usize, norms: &[Self], g: &[Self], p: f64);
    /// x / max(|x|, ε), and the norms.
    #[doc(hidden)]
    fn normalize(x: &mut [Self], size: usize, norms: &mut [Self], epsilon: Self);
    /// (g - y Σ g y) / |x|, and g / ε where the norm |x| is smaller than ε.
    #[doc(hidden)]
    fn normalize_backward(g: &mut [Self], y: &[Self], size: usize, norms: &[Self], epsilon: Self);
    /// x - y + ε in place of x.
    #[doc(hidden)]
    fn differences(x: &mut [Self], y: &[Self], epsilon: Self);
}

macro_rules! norms {
    ($($t:ty),*) => { $(
        impl Norms for $t {
            fn norm(x: &[Self], size: usize, p: f64, out: &mut [Self]) {
                dispatch(Norm { x, size, p, out });
            }
            fn norm_in_f64(x: &[Self]) -> f64 {
                dispatch(NormInF64(x))
            }
            fn norm_backward(x: &mut [Self], size: usize, norms: &[Self], g: &[Self], p: f64) {
                dispatch(NormBackward { x, size, norms, g, p });
            }
            fn normalize(x: &mut [Self], size: usize, norms: &mut [Self], epsilon: Self) {
                dispatch(Normalize { x, size, norms, epsilon });
            }
            fn normalize_backward(g: &mut [Self], y: &[Self], size: usize, norms: &[Self], epsilon: Self) {
                dispatch(NormalizeBackward { g, y, size, norms, epsilon });
            }
            fn differences(x: &mut [Self], y: &[Self], epsilon: Self) {
                dispatch(Differences { x, y, epsilon });
            }
        }
    )* };
}
norms!(f32, f64);

struct Norm<'a, E> {
    x: &'a [E],
    size: usize,
    p: f64,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for Norm<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (i, out) in self.out.iter_mut().enumerate() {
            *out = norm::<S, E>(&self.x[i * self.size..][..self.size], self.p);
        }
    }
}

struct NormInF64<'a, E>(&'a [E]);

impl<E: Coefficients> Kernel for NormInF64<'_, E> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd>(self) -> f64 {
        sums_in_f64::norm::<S, E>(self.0)
    }
}

#[inline(always)]
fn norm<S: Simd, E: Coefficients>(row: &[E], p: f64) -> E {
    if p == 2.0 {
        E::from_f64(sums_in_f64::norm::<S, E>(row))
    } else if p == 1.0 {
        let [sum] = sums_in_f64::sums::<S, E, 1, 1>([row], |[x], [sum]| [sum + x.abs()]);
        E::from_f64(sum)
    } else if p == 0.0 {
        let count = row.iter().filter(|x| **x != E::ZERO).count();
        E::from_f64(count as f64)
    } else {
        let largest_or_smallest = infinity_norm::<S, E>(row, p > 0.0);
        let m = largest_or_smallest.as_f64();
        if p.is_infinite() || m == 0.0 || !m.is_finite() {
            return largest_or_smallest;
        }
        // The reciprocal of a subnormal `f64` may be infinite.
        let [sum] = if p == 3.0 && m.recip().is_finite() {
            let over = S::F64::splat(m.recip());
            sums_in_f64::sums::<S, E, 1, 1>([row], |[x], [sum]| {
                let r = x.abs() * over;
                [(r * r).mul_add(r, sum)]
            })
        } else {
            pairwise(row.len(), Powers::<S, E> { x: row, m, p, level: PhantomData })
        };
        E::from_f64(largest_or_smallest.as_f64() * sum.powf(1.0 / p))
    }
}

/// Σ |x / m|ᵖ over parts of a row.
struct Powers<'a, S, E> {
    x: &'a [E],
    m: f64,
    p: f64,
    level: PhantomData<S>,
}

impl<S: Simd, E: Coefficients> Leaf<f64, 1> for Powers<'_, S, E> {
    #[inline(always)]
    fn sums(&mut self, from: usize, to: usize) -> [f64; 1] {
        let (m, power, lanes) = (S::F64::splat(self.m), S::F64::splat(self.p), S::F64::LANES);
        // The powers of the padding of the last block are 0.
        let fill = if self.p > 0.0 { E::ZERO } else { -E::NEG_INFINITY };
        let mut acc = [S::F64::zero(); MOST];
        for x in self.x[from..to].chunks(sums_in_f64::BLOCK) {
            let mut block = [fill; sums_in_f64::BLOCK];
            block[..x.len()].copy_from_slice(x);
            for i in 0..sums_in_f64::BLOCK / lanes {
                // SAFETY: vector i ends at (i + 1) lanes, which is at most the length of the block.
                let x = unsafe { E::wide_ptr::<S>(block.as_ptr().add(i * lanes)) };
                acc[i] = acc[i] + pow(x.abs() / m, power);
            }
        }
        [sums_in_f64::halve::<S>(&mut acc)]
    }
}

/// The largest or smallest magnitude; NaN if any element is, 0 without elements.
#[inline(always)]
fn infinity_norm<S: Simd, E: Coefficients>(row: &[E], largest: bool) -> E {
    let Some(first) = row.first() else { return E::ZERO };
    let mut best = E::V::<S>::splat(first.abs());
    for x in row.chunks(E::V::<S>::LANES) {
        let x = E::V::<S>::load_partial(x, *first).abs();
        best = if largest { x.max_nan(best) } else { x.min_nan(best) };
    }
    if largest { best.reduce_max() } else { best.reduce_min() }
}

struct NormalizeBackward<'a, E> {
    g: &'a mut [E],
    y: &'a [E],
    size: usize,
    norms: &'a [E],
    epsilon: E,
}

impl<E: Coefficients> Kernel for NormalizeBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let rows = self.g.chunks_exact_mut(self.size).zip(self.y.chunks_exact(self.size));
        for ((g, y), norm) in rows.zip(self.norms) {
            if *norm < self.epsilon {
                divide::<S, E>(g, self.epsilon, E::one());
            } else {
                let dot = dot::<S, E>(g, y);
                g.iter_mut().zip(y).for_each(|(g, y)| *g -= *y * dot);
                divide::<S, E>(g, *norm, E::one());
            }
        }
    }
}

struct Normalize<'a, E> {
    x: &'a mut [E],
    size: usize,
    norms: &'a mut [E],
    epsilon: E,
}

impl<E: Coefficients> Kernel for Normalize<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        // The norms of all rows first: their last steps wait for each other, and run side by side with the next row.
        for (row, norm) in self.x.chunks_exact(self.size).zip(&mut *self.norms) {
            *norm = E::from_f64(sums_in_f64::norm::<S, E>(row));
        }
        for (row, norm) in self.x.chunks_exact_mut(self.size).zip(self.norms) {
            let divisor = if *norm < self.epsilon { self.epsilon } else { *norm };
            divide::<S, E>(row, divisor, E::one());
        }
    }
}

struct Differences<'a, E> {
    x: &'a mut [E],
    y: &'a [E],
    epsilon: E,
}

impl<E: Coefficients> Kernel for Differences<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        self.x.iter_mut().zip(self.y).for_each(|(x, y)| *x = *x - *y + self.epsilon);
    }
}

/// f(x) in place of x, with vectors of a level. A macro: a closure may not be inlined, and is compiled without the level then.
macro_rules! in_place {
    ($row:expr, |$x:ident| $f:expr) => {{
        let (row, lanes): (&mut [E], _) = ($row, E::V::<S>::LANES);
        // Two vectors in a turn: one alone takes less time than the loop around it.
        let (pairs, rest) = row.split_at_mut(row.len() / (2 * lanes) * (2 * lanes));
        for pair in pairs.chunks_exact_mut(2 * lanes) {
            let x = [E::V::<S>::load(pair), E::V::<S>::load(&pair[lanes..])];
            for i in 0..2 {
                let $x = x[i];
                ($f).store(&mut pair[i * lanes..]);
            }
        }
        for part in rest.chunks_mut(lanes) {
            let $x = E::V::<S>::load_up_to(part, E::ZERO);
            ($f).store_up_to(part);
        }
    }};
}

struct NormBackward<'a, E> {
    x: &'a mut [E],
    size: usize,
    norms: &'a [E],
    g: &'a [E],
    p: f64,
}

impl<E: Coefficients> Kernel for NormBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let NormBackward { x, size, norms, g, p } = self;
        if size == 0 {
            return;
        }
        for (row, (norm, g)) in x.chunks_exact_mut(size).zip(norms.iter().zip(g)) {
            let (norm, g) = (*norm, *g);
            if p == 0.0 || (norm == E::ZERO && p != 1.0) {
                row.fill(E::ZERO);
            } else if p == 2.0 {
                divide::<S, E>(row, norm, g);
            } else if p == 1.0 {
                let g = E::V::<S>::splat(g);
                in_place!(row, |x| sign(x) * g);
            } else if p.is_infinite() {
                infinity_gradients::<S, E>(row, norm, g);
            } else if p == 3.0 {
                row.iter_mut().for_each(|x| {
                    let ratio = *x / norm;
                    *x = ratio * ratio.abs() * g;
                });
            } else {
                power_gradients::<S, E>(row, norm, g, p - 1.0);
            }
        }
    }
}

/// sign(x) (|x| / norm)ᵖ g in place of x. A zero has no gradient where p is negative; next to a NaN, nothing has. Next to an
/// infinity it is infinite there.
#[inline(always)]
fn power_gradients<S: Simd, E: Coefficients>(row: &mut [E], norm: E, g: E, p: f64) {
    let lanes = E::V::<S>::LANES;
    let (norm, g, p) = (E::V::<S>::splat(norm), E::V::<S>::splat(g), E::V::<S>::splat(E::from_f64(p)));
    // One loop for whole and partial vectors, since the power is inlined into it.
    for part in row.chunks_mut(lanes) {
        let whole = part.len() == lanes;
        let x = if whole { E::V::<S>::load(part) } else { E::V::<S>::load_partial(part, E::ZERO) };
        let power = pow(x.abs() / norm, p);
        let gradient = E::V::<S>::select(x.lt(E::V::<S>::zero()), -power, power) * g;
        let gradient = E::V::<S>::select(x.ne(x), x, gradient);
        let gradient = E::V::<S>::select(x.eq(E::V::<S>::zero()), E::V::<S>::zero(), gradient);
        if whole { gradient.store(part) } else { gradient.store_partial(part) }
    }
}

/// sign(x) g in place of x, of the elements whose magnitude is the norm, among which g is shared; 0 of the others.
#[inline(always)]
fn infinity_gradients<S: Simd, E: Coefficients>(row: &mut [E], norm: E, g: E) {
    // Of a NaN, which no other element is equal to, the norm is NaN.
    let nan = is_nan(norm);
    let count = row.iter().filter(|x| if nan { is_nan(**x) } else { x.abs() == norm }).count();
    let (norm, part) = (E::V::<S>::splat(norm), E::V::<S>::splat(g / E::from_f64(count as f64)));
    in_place!(row, |x| {
        let is_best = if nan { x.ne(x) } else { x.abs().eq(norm) };
        E::V::<S>::select(is_best, sign(x) * part, E::V::<S>::zero())
    });
}

/// x / d · factor in place of x.
#[inline(always)]
fn divide<S: Simd, E: Coefficients>(row: &mut [E], d: E, factor: E) {
    let exact = exact_divisor(d);
    let (r, d, factor) = (E::V::<S>::splat(d.recip()), E::V::<S>::splat(d), E::V::<S>::splat(factor));
    in_place!(row, |x| {
        let y = if exact { quotient(x, d, r) } else { x / d };
        y * factor
    });
}

/// (Σ |x|ᵖ)^(1/p) along the axis, and its limits at p = 0 and at the infinities.
#[inline(never)]
pub(crate) fn norms<E: Float>(x: &[E], along: AxisLayout, p: f64) -> Storage<E> {
    lanes::reduce_blocks(x, along, |lanes, out| E::norm(lanes, along.size, p, out))
}

/// sign(x) (|x| / norm)^(p - 1) times the gradient, and 0 where x or the norm is 0.
#[inline(never)]
pub(crate) fn norms_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
    p: f64,
) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        E::norm_backward(lanes, along.size, &y[first..], &grad[first..], p);
    })
}
