//! The largest element of each window.
//!
//! The gradient finds it again in the input, so that nothing but the input is kept. Windows of 2 x 2 elements side by
//! side, the common ones, are read as pairs of rows at the width of the machine's vectors; others run over all
//! windows of a row together, one element of each after the other, so that they do not wait for one another.

use super::pool::{Span, Windows};
use crate::element::Numeric;
use crate::kernel::simd::{Kernel, Simd, dispatch};
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
    ($($element:ty),*) => { $(
        impl MaxPool for $element {
            fn largest(x: &[Self], windows: &Windows) -> Storage<Self> {
                largest(x, windows)
            }
            fn largest_gradient(x: &[Self], grad: &[Self], windows: &Windows) -> Storage<Self> {
                largest_gradient(x, grad, windows)
            }
        }
    )* };
}
impl_max_pool!(f32, f64, i64);

/// The elements of a part: a plane is never split.
const PART: usize = 1 << 16;

/// Whether `x` takes the place of the largest element so far: the first of equals stays, and a NaN, which is not equal to
/// itself, takes it from any other, as in PyTorch.
#[inline(always)]
#[expect(clippy::eq_op, reason = "that is how a NaN is found")]
fn beats<E: Numeric>(x: E, largest: E) -> bool {
    (x > largest) | (x != x)
}

/// The largest element of each window.
fn largest<E: Numeric>(x: &[E], windows: &Windows) -> Storage<E> {
    let places = windows.places();
    if windows.is_empty() {
        return Storage::filled(windows.planes * places, E::zero());
    }
    let mut y = Storage::unspecified(windows.planes * places);
    let planes = PART.div_ceil(windows.plane()).min(windows.planes);
    for_each_chunk(y.make_mut(), planes * places, |part, y| {
        let x = &x[part * planes * windows.plane()..];
        dispatch(Largest { x, windows, y });
    });
    y
}

/// The gradient of [`largest`]: each element of `grad` at the place of the largest element.
fn largest_gradient<E: Numeric>(x: &[E], grad: &[E], windows: &Windows) -> Storage<E> {
    let plane = windows.plane();
    let mut dx = Storage::filled(windows.planes * plane, E::zero());
    if windows.is_empty() {
        return dx;
    }
    let planes = PART.div_ceil(plane).min(windows.planes);
    for_each_chunk(dx.make_mut(), planes * plane, |part, dx| {
        let (x, grad) = (&x[part * planes * plane..][..dx.len()], &grad[part * planes * windows.places()..]);
        dispatch(Gradient { x, grad, windows, dx });
    });
    dx
}

struct Largest<'a, E> {
    x: &'a [E],
    windows: &'a Windows,
    y: &'a mut [E],
}

impl<E: Numeric> Kernel for Largest<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Largest { x, windows, y } = self;
        let (plane, places, width) = (windows.plane(), windows.places(), windows.input[1]);
        let columns = windows.spans[1].len();
        let mut at = vec![0; columns];
        for (x, y) in x.chunks_exact(plane).zip(y.chunks_exact_mut(places)) {
            if windows.halving {
                for (rows, y) in x.chunks_exact(2 * width).zip(y.chunks_exact_mut(columns)) {
                    let (upper, lower) = rows.split_at(width);
                    let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
                    for (([a, b], [c, d]), y) in pairs.zip(y) {
                        let mut largest = *a;
                        largest = if beats(*b, largest) { *b } else { largest };
                        largest = if beats(*c, largest) { *c } else { largest };
                        *y = if beats(*d, largest) { *d } else { largest };
                    }
                }
            } else {
                for (row, y) in windows.spans[0].iter().zip(y.chunks_exact_mut(columns)) {
                    row_of(x, windows, row, y, &mut at);
                }
            }
        }
    }
}

/// The largest elements of a row of windows, and their places in the plane.
#[inline(always)]
fn row_of<E: Numeric>(x: &[E], windows: &Windows, row: &Span, y: &mut [E], at: &mut [usize]) {
    let (width, columns) = (windows.input[1], &windows.spans[1]);
    let look = |y: &mut E, at: &mut usize, place: usize| {
        let better = beats(x[place], *y);
        *y = if better { x[place] } else { *y };
        *at = if better { place } else { *at };
    };
    for ((y, at), column) in y.iter_mut().zip(at.iter_mut()).zip(columns) {
        *at = row.start * width + column.start;
        *y = x[*at];
    }
    let length = windows.length_of_all();
    for line in (row.start..row.end).step_by(windows.step[0]).map(|r| r * width) {
        if let Some(length) = length {
            for c in (0..length).step_by(windows.step[1]) {
                for ((y, at), column) in y.iter_mut().zip(at.iter_mut()).zip(columns) {
                    look(y, at, line + column.start + c);
                }
            }
        } else {
            for ((y, at), column) in y.iter_mut().zip(at.iter_mut()).zip(columns) {
                for c in (column.start..column.end).step_by(windows.step[1]) {
                    look(y, at, line + c);
                }
            }
        }
    }
}

struct Gradient<'a, E> {
    x: &'a [E],
    grad: &'a [E],
    windows: &'a Windows,
    /// Zeros.
    dx: &'a mut [E],
}

impl<E: Numeric> Kernel for Gradient<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Gradient { x, grad, windows, dx } = self;
        let (plane, places, width) = (windows.plane(), windows.places(), windows.input[1]);
        let columns = windows.spans[1].len();
        let (mut at, mut y) = (vec![0; columns], vec![E::zero(); columns]);
        for ((x, dx), grad) in
            x.chunks_exact(plane).zip(dx.chunks_exact_mut(plane)).zip(grad.chunks_exact(places))
        {
            if windows.halving {
                let rows = x.chunks_exact(2 * width).zip(dx.chunks_exact_mut(2 * width));
                for ((x, dx), grad) in rows.zip(grad.chunks_exact(columns)) {
                    let (upper, lower) = x.split_at(width);
                    let (dx_upper, dx_lower) = dx.split_at_mut(width);
                    let x = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
                    let dx = dx_upper.as_chunks_mut::<2>().0.iter_mut().zip(dx_lower.as_chunks_mut::<2>().0);
                    for ((([a, b], [c, d]), (upper, lower)), g) in x.zip(dx).zip(grad) {
                        let second = beats(*b, *a);
                        let upper_largest = if second { *b } else { *a };
                        let third = beats(*c, upper_largest);
                        let largest = if third { *c } else { upper_largest };
                        let fourth = beats(*d, largest);
                        let to = |here: bool| if here { *g } else { E::zero() };
                        *upper = [to(!second & !third & !fourth), to(second & !third & !fourth)];
                        *lower = [to(third & !fourth), to(fourth)];
                    }
                }
            } else {
                for (row, grad) in windows.spans[0].iter().zip(grad.chunks_exact(columns)) {
                    row_of(x, windows, row, &mut y, &mut at);
                    for (at, grad) in at.iter().zip(grad) {
                        dx[*at] += *grad;
                    }
                }
            }
        }
    }
}
