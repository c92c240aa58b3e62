//! Pooling with windows of 2 x 2 elements side by side.
//!
//! Two vectors of a row are taken apart into the left and the right elements of the windows, so that a window is a lane.
//! Floor of the forward pass: 4 loads and a store for a vector of windows; of the gradient 5 loads and 4 stores.

use super::pool::Windows;
use crate::kernel::simd::{Kernel, Mask, Simd, SimdFloat, Vector, dispatch};

/// The number of a window. A trait and not a closure: a closure that is not inlined is compiled for the baseline.
pub(super) trait OfWindow<E: SimdFloat>: Copy {
    /// From the elements above and those below. Must be `#[inline(always)]`.
    fn of<V: Vector<E>>(self, above: [V; 2], below: [V; 2]) -> V;
}

#[derive(Clone, Copy)]
pub(super) struct Largest;

impl<E: SimdFloat> OfWindow<E> for Largest {
    #[inline(always)]
    fn of<V: Vector<E>>(self, [a, b]: [V; 2], [c, d]: [V; 2]) -> V {
        d.max_nan(c.max_nan(b.max_nan(a)))
    }
}

#[derive(Clone, Copy)]
pub(super) struct Mean;

impl<E: SimdFloat> OfWindow<E> for Mean {
    #[inline(always)]
    fn of<V: Vector<E>>(self, [a, b]: [V; 2], [c, d]: [V; 2]) -> V {
        // The first term is added to 0, so that the sum is not -0.0.
        let [left, right] = [V::zero() + a + c, V::zero() + b + d];
        (left + right) * V::splat(E::from_f64(0.25))
    }
}

/// A number for each window.
pub(super) struct OfWindows<'a, E, F> {
    pub(super) x: &'a [E],
    pub(super) windows: &'a Windows,
    pub(super) f: F,
    pub(super) y: &'a mut [E],
}

/// dx of the largest: `grad` at the first of the largest elements, or at the last NaN.
pub(super) struct Gradient<'a, E> {
    pub(super) x: &'a [E],
    pub(super) grad: &'a [E],
    pub(super) windows: &'a Windows,
    pub(super) dx: &'a mut [E],
}

/// The left and the right elements of the first windows of a row.
#[inline(always)]
fn load_pairs<S: Simd, E: SimdFloat>(row: &[E]) -> (E::V<S>, E::V<S>) {
    let lanes = E::V::<S>::LANES;
    if row.len() >= 2 * lanes {
        return E::V::<S>::load(row).unzip(E::V::<S>::load(&row[lanes..]));
    }
    let next = E::V::<S>::load_partial(&row[lanes.min(row.len())..], E::ZERO);
    E::V::<S>::load_partial(row, E::ZERO).unzip(next)
}

#[inline(always)]
fn store_pairs<S: Simd, E: SimdFloat>(left: E::V<S>, right: E::V<S>, row: &mut [E]) {
    let lanes = E::V::<S>::LANES;
    let (first, next) = left.zip(right);
    if row.len() >= 2 * lanes {
        first.store(row);
        next.store(&mut row[lanes..]);
    } else {
        first.store_partial(row);
        let after = lanes.min(row.len());
        next.store_partial(&mut row[after..]);
    }
}

impl<E: SimdFloat, F: OfWindow<E>> Kernel for OfWindows<'_, E, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let OfWindows { x, windows, f, y } = self;
        let (width, columns) = (windows.input[1], windows.spans[1].len());
        for (x, y) in x.chunks_exact(windows.plane()).zip(y.chunks_exact_mut(windows.places())) {
            OfRows { x, width, columns, f, y }.run::<S>();
        }
    }
}

/// The largest elements of the windows of rows that are `width` apart; a row of `y` has `columns` elements.
pub(super) fn largest_of_rows<E: SimdFloat>(x: &[E], width: usize, columns: usize, y: &mut [E]) {
    dispatch(OfRows { x, width, columns, f: Largest, y });
}

struct OfRows<'a, E, F> {
    x: &'a [E],
    width: usize,
    columns: usize,
    f: F,
    y: &'a mut [E],
}

impl<E: SimdFloat, F: OfWindow<E>> Kernel for OfRows<'_, E, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let OfRows { x, width, columns, f, y } = self;
        let lanes = E::V::<S>::LANES;
        for (i, y) in y.chunks_exact_mut(columns).enumerate() {
            let rows = &x[2 * i * width..];
            let (upper, lower) = (&rows[..2 * columns], &rows[width..][..2 * columns]);
            let pieces = upper.chunks(2 * lanes).zip(lower.chunks(2 * lanes)).zip(y.chunks_mut(lanes));
            for ((upper, lower), y) in pieces {
                let ((a, b), (c, d)) = (load_pairs::<S, E>(upper), load_pairs::<S, E>(lower));
                f.of([a, b], [c, d]).store_up_to(y);
            }
        }
    }
}

/// Zeros for what no window has: mostly nothing or one element, for which a call of `memset` takes as long as a window.
#[inline(always)]
fn clear<E: SimdFloat>(rest: &mut [E]) {
    match rest {
        [] => {}
        [one] => *one = E::ZERO,
        _ => rest.fill(E::ZERO),
    }
}

impl<E: SimdFloat> Kernel for Gradient<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Gradient { x, grad, windows, dx } = self;
        let (plane, width, lanes) = (windows.plane(), windows.input[1], E::V::<S>::LANES);
        let (lines, columns) = (windows.spans[0].len(), windows.spans[1].len());
        let planes = x.chunks_exact(plane).zip(dx.chunks_exact_mut(plane));
        for ((x, dx), grad) in planes.zip(grad.chunks_exact(windows.places())) {
            let (dx, rest) = dx.split_at_mut(2 * lines * width);
            clear(rest);
            let rows = x.chunks_exact(2 * width).zip(dx.chunks_exact_mut(2 * width));
            for ((x, dx), grad) in rows.zip(grad.chunks_exact(columns)) {
                let (upper, lower) = x.split_at(width);
                let (dx_upper, dx_lower) = dx.split_at_mut(width);
                let (dx_upper, rest) = dx_upper.split_at_mut(2 * columns);
                clear(rest);
                let (dx_lower, rest) = dx_lower.split_at_mut(2 * columns);
                clear(rest);
                let x = upper[..2 * columns].chunks(2 * lanes).zip(lower[..2 * columns].chunks(2 * lanes));
                let dx = dx_upper.chunks_mut(2 * lanes).zip(dx_lower.chunks_mut(2 * lanes));
                for (((upper, lower), (dx_upper, dx_lower)), grad) in x.zip(dx).zip(grad.chunks(lanes)) {
                    let ((a, b), (c, d)) = (load_pairs::<S, E>(upper), load_pairs::<S, E>(lower));
                    let beats = |x: E::V<S>, largest| x.gt(largest).or(x.ne(x));
                    let (zero, g) = (E::V::<S>::zero(), E::V::<S>::load_partial(grad, E::ZERO));
                    // The remaining gradient passes to the element before, from the last one.
                    let second = beats(b, a);
                    let largest = E::V::<S>::select(second, b, a);
                    let third = beats(c, largest);
                    let fourth = beats(d, E::V::<S>::select(third, c, largest));
                    let of = |here, g| (E::V::<S>::select(here, g, zero), E::V::<S>::select(here, zero, g));
                    let (d, g) = of(fourth, g);
                    let (c, g) = of(third, g);
                    let (b, a) = of(second, g);
                    store_pairs::<S, E>(a, b, dx_upper);
                    store_pairs::<S, E>(c, d, dx_lower);
                }
            }
        }
    }
}
