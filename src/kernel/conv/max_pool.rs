//! The largest element of each window.
//!
//! The gradient finds it again in the input, so that nothing but the input is kept. Windows of 2 x 2 elements side by
//! side, the common ones, are [`pool_2x2`](super::pool_2x2); others are runs over a [`Frame`](super::frame::Frame)
//! with -∞ around the planes, in [`max_window`](super::max_window). Integers, and planes with -∞ in them, take the definition.

use super::pool::{Span, Windows};
use super::{max_window, pool_2x2};
use crate::element::Numeric;
use crate::kernel::axis::long_sums::FEW;
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, dispatch};
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// Max-pooling, for each element type that has it.
pub trait MaxPool: Sized {
    #[doc(hidden)]
    fn largest(x: &[Self], windows: &Windows) -> Storage<Self>;
    #[doc(hidden)]
    fn largest_gradient(x: &[Self], grad: &[Self], windows: &Windows) -> Storage<Self>;
}

macro_rules! impl_max_pool {
    ($($element:ty, $least:expr, $largest:expr, $gradient:expr;)*) => { $(
        impl MaxPool for $element {
            fn largest(x: &[Self], windows: &Windows) -> Storage<Self> {
                largest(x, windows, $least, $largest)
            }
            fn largest_gradient(x: &[Self], grad: &[Self], windows: &Windows) -> Storage<Self> {
                largest_gradient(x, grad, windows, $gradient)
            }
        }
    )* };
}
impl_max_pool! {
    f32, f32::NEG_INFINITY, of_floats, gradient_of_floats;
    f64, f64::NEG_INFINITY, of_floats, gradient_of_floats;
    i64, i64::MIN, |x, windows, y| by_definition(x, windows, y, i64::MIN), gradient_by_definition;
}

/// Whether `x` takes the place of the largest element so far: the first of equals stays, and a NaN, which is not equal to
/// itself, takes it from any other, as in PyTorch.
#[inline(always)]
#[expect(clippy::eq_op, reason = "that is how a NaN is found")]
fn beats<E: Numeric>(x: E, largest: E) -> bool {
    (x > largest) | (x != x)
}

/// The largest element of each window, which is `least` for a window without elements; `f` takes whole planes.
fn largest<E: Numeric>(
    x: &[E],
    windows: &Windows,
    least: E,
    f: impl Fn(&[E], &Windows, &mut [E]) + Sync,
) -> Storage<E> {
    let places = windows.places();
    if windows.is_empty() {
        return Storage::filled(windows.planes * places, least);
    }
    let mut y = Storage::unspecified(windows.planes * places);
    let planes = windows.planes_per_part();
    for_each_chunk(y.make_mut(), planes * places, |part, y| {
        let count = y.len() / places;
        f(&x[part * planes * windows.plane()..][..count * windows.plane()], windows, y);
    });
    y
}

/// The gradient of [`largest`]: each element of `grad` at the position of the largest element, and none for a window without
/// elements.
fn largest_gradient<E: Numeric>(
    x: &[E],
    grad: &[E],
    windows: &Windows,
    f: impl Fn(&[E], &[E], &Windows, &mut [E]) + Sync,
) -> Storage<E> {
    let (plane, places) = (windows.plane(), windows.places());
    if windows.is_empty() {
        return Storage::filled(windows.planes * plane, E::zero());
    }
    let mut dx = Storage::unspecified(windows.planes * plane);
    let planes = windows.planes_per_part();
    for_each_chunk(dx.make_mut(), planes * plane, |part, dx| {
        let grad = &grad[part * planes * places..][..dx.len() / plane * places];
        f(&x[part * planes * plane..][..dx.len()], grad, windows, dx);
    });
    dx
}

fn of_floats<E: SimdFloat>(x: &[E], windows: &Windows, y: &mut [E]) {
    if windows.is_halving() {
        dispatch(pool_2x2::OfWindows { x, windows, f: pool_2x2::Largest, y });
    } else if let Some(size @ 2..=4) = windows.side_by_side() {
        let row = (windows.plane(), windows.places());
        match size {
            2 => dispatch(SideBySide::<E, 2> { x, row, y }),
            3 => dispatch(SideBySide::<E, 3> { x, row, y }),
            _ => dispatch(SideBySide::<E, 4> { x, row, y }),
        }
    } else if let Some(sizes) = windows.sizes() {
        max_window::largest(x, &sizes, y);
    } else {
        by_definition(x, windows, y, E::NEG_INFINITY);
    }
}

/// The largest of each K elements of rows.
struct SideBySide<'a, E, const K: usize> {
    x: &'a [E],
    /// The lengths of a row of x and of y.
    row: (usize, usize),
    y: &'a mut [E],
}

impl<E: SimdFloat, const K: usize> Kernel for SideBySide<'_, E, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let SideBySide { x, row: (width, places), y } = self;
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(places)) {
            for (x, y) in x.as_chunks::<K>().0.iter().zip(y) {
                let mut largest = x[0];
                for &next in &x[1..] {
                    largest = if beats(next, largest) { next } else { largest };
                }
                *y = largest;
            }
        }
    }
}

fn gradient_of_floats<E: SimdFloat>(x: &[E], grad: &[E], windows: &Windows, dx: &mut [E]) {
    if windows.is_halving() {
        return dispatch(pool_2x2::Gradient { x, grad, windows, dx });
    }
    match windows.sizes() {
        // The frame cannot tell -∞ from what is outside.
        Some(sizes) if !x.iter().fold(false, |any, x| any | (*x == E::NEG_INFINITY)) => {
            max_window::gradient(x, grad, &sizes, dx);
        }
        _ => gradient_by_definition(x, grad, windows, dx),
    }
}

/// Where the largest element of a window is in its plane.
fn place<E: Numeric>(x: &[E], windows: &Windows, row: &Span, column: &Span) -> Option<usize> {
    let mut largest = None;
    for r in (row.start..row.end).step_by(windows.step[0]) {
        for c in (column.start..column.end).step_by(windows.step[1]) {
            let at = r * windows.input[1] + c;
            if largest.is_none_or(|largest: usize| beats(x[at], x[largest])) {
                largest = Some(at);
            }
        }
    }
    largest
}

fn by_definition<E: Numeric>(x: &[E], windows: &Windows, y: &mut [E], least: E) {
    let [rows, columns] = &windows.spans;
    for (x, y) in x.chunks_exact(windows.plane()).zip(y.chunks_exact_mut(windows.places())) {
        for (row, y) in rows.iter().zip(y.chunks_exact_mut(columns.len())) {
            for (column, y) in columns.iter().zip(y) {
                *y = place(x, windows, row, column).map_or(least, |at| x[at]);
            }
        }
    }
}

fn gradient_by_definition<E: Numeric>(x: &[E], grad: &[E], windows: &Windows, dx: &mut [E]) {
    let [rows, columns] = &windows.spans;
    dx.fill(E::zero());
    let is_long = windows.overlaps().iter().product::<usize>() > FEW;
    let mut errors = List::filled(if is_long { windows.plane() } else { 0 }, E::zero());
    let planes = x.chunks_exact(windows.plane()).zip(dx.chunks_exact_mut(windows.plane()));
    for ((x, dx), grad) in planes.zip(grad.chunks_exact(windows.places())) {
        errors.fill(E::zero());
        for (row, grad) in rows.iter().zip(grad.chunks_exact(columns.len())) {
            for (column, grad) in columns.iter().zip(grad) {
                if let Some(at) = place(x, windows, row, column) {
                    if is_long {
                        E::accumulate_exactly(&mut dx[at..=at], &mut errors[at..=at], &[*grad]);
                    } else {
                        dx[at] += *grad;
                    }
                }
            }
        }
        if is_long {
            E::accumulate(dx, &errors);
        }
    }
}
