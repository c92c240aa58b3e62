//! The mean of each window.
//!
//! The rows of a window are added as vectors into one line, with zeros for the padding, and the line is added up along
//! the columns. So the floor is a load and an addition for each row of the kernel, and for each column of it; large
//! windows are added in blocks, so that the error does not grow with their size. Windows of 2 x 2 elements side by side,
//! the common ones, are [`pool_2x2`].

use super::pool::{Span, Windows};
use super::pool_2x2;
use crate::kernel::axis::long_sums::{FEW, LongSums};
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch, sum};
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// Average pooling, for each element type that has it.
pub trait AvgPool: Sized {
    #[doc(hidden)]
    fn means(x: &[Self], windows: &Windows) -> Storage<Self>;
    #[doc(hidden)]
    fn means_gradient(grad: &[Self], windows: &Windows) -> Storage<Self>;
}

macro_rules! impl_avg_pool {
    ($($element:ty),*) => { $(
        impl AvgPool for $element {
            fn means(x: &[Self], windows: &Windows) -> Storage<Self> {
                means(x, windows)
            }
            fn means_gradient(grad: &[Self], windows: &Windows) -> Storage<Self> {
                means_gradient(grad, windows)
            }
        }
    )* };
}
impl_avg_pool!(f32, f64);

/// The mean of each window; 0 for the windows of an image without elements.
fn means<E: SimdFloat>(x: &[E], windows: &Windows) -> Storage<E> {
    let places = windows.places();
    if windows.is_empty() {
        return Storage::filled(windows.planes * places, E::ZERO);
    }
    let mut y = Storage::unspecified(windows.planes * places);
    if let ([row], [column]) = (&*windows.spans[0], &*windows.spans[1])
        && [row.start, row.end, column.start, column.end] == [0, windows.input[0], 0, windows.input[1]]
    {
        // One window: all of the plane.
        E::sum_lanes(x, windows.plane(), y.make_mut());
        let count = E::from_f64((row.counted * column.counted) as f64);
        for y in y.make_mut() {
            *y /= count;
        }
        return y;
    }
    let planes = windows.planes_per_part();
    for_each_chunk(y.make_mut(), planes * places, |part, y| {
        let x = &x[part * planes * windows.plane()..];
        if windows.is_halving() {
            dispatch(pool_2x2::OfWindows { x, windows, f: pool_2x2::Mean, y });
        } else {
            dispatch(Means { x, windows, y });
        }
    });
    y
}

/// The gradient of [`means`]: each element of `grad` spread over its window.
fn means_gradient<E: SimdFloat>(grad: &[E], windows: &Windows) -> Storage<E> {
    let plane = windows.plane();
    if windows.is_empty() {
        return Storage::filled(windows.planes * plane, E::ZERO);
    }
    let mut x = Storage::unspecified(windows.planes * plane);
    let planes = windows.planes_per_part();
    for_each_chunk(x.make_mut(), planes * plane, |part, x| {
        x.fill(E::ZERO);
        dispatch(Spread { grad: &grad[part * planes * windows.places()..], windows, x });
    });
    x
}

/// A row with its padding: how windows lie in it.
struct Line {
    before: usize,
    len: usize,
    /// The size and the stride of windows that move.
    moving: Option<(usize, usize)>,
}

impl Line {
    fn new(windows: &Windows) -> Self {
        let axis = windows.moving.map(|axes| axes[1]);
        let before = axis.map_or(0, |axis| axis.padding);
        Line {
            before,
            len: windows.input[1] + 2 * before,
            moving: axis.map(|axis| (axis.kernel, axis.stride)),
        }
    }

    /// The window at position `i`, whose columns are `column`.
    #[inline(always)]
    fn window(&self, i: usize, column: &Span) -> std::ops::Range<usize> {
        match self.moving {
            Some((kernel, stride)) => i * stride..i * stride + kernel,
            None => column.start..column.end,
        }
    }
}

/// to += from, as many elements as both have.
#[inline(always)]
fn add<S: Simd, E: SimdFloat>(to: &mut [E], from: &[E]) {
    let lanes = E::V::<S>::LANES;
    for (to, from) in to.chunks_mut(lanes).zip(from.chunks(lanes)) {
        if to.len() == lanes && from.len() == lanes {
            (E::V::<S>::load(to) + E::V::<S>::load(from)).store(to);
        } else {
            let len = to.len().min(from.len());
            let to = &mut to[..len];
            (E::V::<S>::load_partial(to, E::ZERO) + E::V::<S>::load_partial(from, E::ZERO)).store_partial(to);
        }
    }
}

/// By what the windows of a row are divided.
#[inline(always)]
fn counts<E: SimdFloat>(row: &Span, columns: &[Span], counts: &mut [E]) {
    for (count, column) in counts.iter_mut().zip(columns) {
        *count = E::from_f64((row.counted * column.counted) as f64);
    }
}

struct Means<'a, E> {
    x: &'a [E],
    windows: &'a Windows,
    y: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Means<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Means { x, windows, y } = self;
        let (lanes, width) = (E::V::<S>::LANES, windows.input[1]);
        let [rows, columns] = &windows.spans;
        let form = Line::new(windows);
        let mut line = List::filled(form.len, E::ZERO);
        let mut divisors = List::filled(columns.len(), E::ZERO);
        let mut counted = None;
        for (x, y) in x.chunks_exact(windows.plane()).zip(y.chunks_exact_mut(windows.places())) {
            for (row, y) in rows.iter().zip(y.chunks_exact_mut(columns.len())) {
                let inside = &mut line[form.before..][..width];
                inside.fill(E::ZERO);
                let lines = &x[(row.start * width).min(row.end * width)..row.end * width];
                let mut sums = LongSums::new(inside);
                for lines in lines.chunks(FEW * width) {
                    let sums = sums.more(lines.len() / width);
                    lines.chunks_exact(width).for_each(|from| add::<S, E>(sums, from));
                }
                sums.finish();
                match form.moving {
                    Some((kernel, 1)) if kernel < FEW => {
                        y.fill(E::ZERO);
                        (0..kernel).for_each(|k| add::<S, E>(y, &line[k..]));
                    }
                    Some((2, 2)) => {
                        for (pair, y) in line.as_chunks::<2>().0.iter().zip(&mut *y) {
                            *y = pair[0] + pair[1];
                        }
                    }
                    _ => {
                        for (i, (column, y)) in columns.iter().zip(&mut *y).enumerate() {
                            let window = &line[form.window(i, column)];
                            *y = if window.len() < 16 {
                                window.iter().fold(E::ZERO, |sum, x| sum + *x)
                            } else {
                                sum::<S, E>(window)
                            };
                        }
                    }
                }
                if counted.replace(row.counted) != Some(row.counted) {
                    counts(row, columns, &mut divisors);
                }
                for (y, divisors) in y.chunks_mut(lanes).zip(divisors.chunks(lanes)) {
                    let divisors = E::V::<S>::load_partial(divisors, E::from_f64(1.0));
                    (E::V::<S>::load_partial(y, E::ZERO) / divisors).store_partial(y);
                }
            }
        }
    }
}

struct Spread<'a, E> {
    grad: &'a [E],
    windows: &'a Windows,
    /// Zeros.
    x: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Spread<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Spread { grad, windows, x } = self;
        let (lanes, width) = (E::V::<S>::LANES, windows.input[1]);
        let [rows, columns] = &windows.spans;
        let form = Line::new(windows);
        let mut line = List::filled(form.len, E::ZERO);
        let mut divisors = List::filled(columns.len(), E::ZERO);
        let mut parts = List::filled(columns.len(), E::ZERO);
        let mut counted = None;
        let [rows_long, columns_long] = windows.overlaps().map(|most| most > FEW);
        for (x, grad) in x.chunks_exact_mut(windows.plane()).zip(grad.chunks_exact(windows.places())) {
            let mut sums = LongSums::new(x);
            for (row, grad) in rows.iter().zip(grad.chunks_exact(columns.len())) {
                if counted.replace(row.counted) != Some(row.counted) {
                    counts(row, columns, &mut divisors);
                }
                let divided = grad.chunks(lanes).zip(divisors.chunks(lanes));
                for ((grad, divisors), part) in divided.zip(parts.chunks_mut(lanes)) {
                    let divisors = E::V::<S>::load_partial(divisors, E::from_f64(1.0));
                    (E::V::<S>::load_partial(grad, E::ZERO) / divisors).store_partial(part);
                }
                line.fill(E::ZERO);
                match form.moving {
                    Some((kernel, 1)) if kernel < FEW => {
                        (0..kernel).for_each(|k| add::<S, E>(&mut line[k..], &parts));
                    }
                    Some((2, 2)) => {
                        for (pair, part) in line.as_chunks_mut::<2>().0.iter_mut().zip(&parts) {
                            *pair = [*part; 2];
                        }
                    }
                    _ => {
                        let mut sums = LongSums::new(&mut line);
                        for (i, (column, part)) in columns.iter().zip(&parts).enumerate() {
                            let line = sums.more(usize::from(columns_long));
                            line[form.window(i, column)].iter_mut().for_each(|x| *x += *part);
                        }
                        sums.finish();
                    }
                }
                let line = &line[form.before..][..width];
                let x = sums.more(usize::from(rows_long));
                for r in row.start..row.end {
                    add::<S, E>(&mut x[r * width..][..width], line);
                }
            }
            sums.finish();
        }
    }
}
