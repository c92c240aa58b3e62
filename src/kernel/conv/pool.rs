//! Windows over the planes of images: the largest element, and the mean. A signal is an image of height 1.

use crate::element::Float;
use crate::storage::Storage;

/// One place of a window along an axis: the elements `start`, `start + step`, .. before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// By how much of a mean the window divides along this axis.
    pub(crate) counted: usize,
}

/// A moving window along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    pub(crate) input: usize,
    pub(crate) output: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

impl Moving {
    /// The axis that is not there: the height of a signal.
    pub(crate) const NONE: Moving =
        Moving { input: 1, output: 1, kernel: 1, stride: 1, padding: 0, dilation: 1 };

    /// The places. `padded` says whether a mean counts what is outside.
    pub(crate) fn spans(&self, padded: bool) -> Vec<Span> {
        let one = |i: usize| {
            let first = (i * self.stride) as isize - self.padding as isize;
            // The first element of the window that is inside.
            let skipped = (-first).max(0).cast_unsigned().div_ceil(self.dilation);
            let start = (first + (skipped * self.dilation) as isize).cast_unsigned();
            let last = first + ((self.kernel - 1) * self.dilation) as isize;
            let end = (last + 1).clamp(0, self.input as isize).cast_unsigned();
            let inside = end.saturating_sub(start).div_ceil(self.dilation);
            Span { start, end, counted: if padded { self.kernel } else { inside } }
        };
        (0..self.output).map(one).collect()
    }
}

/// `output` windows that cover an axis of size `input` evenly; they overlap where it does not divide.
pub(crate) fn adaptive(input: usize, output: usize) -> Vec<Span> {
    let one = |i: usize| {
        let (start, end) = (i * input / output, ((i + 1) * input).div_ceil(output));
        Span { start, end, counted: end - start }
    };
    (0..output).map(one).collect()
}

/// The planes, and the windows over their rows and columns.
#[derive(Clone, Debug)]
pub struct Windows {
    pub(crate) planes: usize,
    pub(crate) input: [usize; 2],
    pub(crate) spans: [Vec<Span>; 2],
    pub(crate) step: [usize; 2],
    /// Whether windows of 2 x 2 elements lie side by side.
    pub(crate) halving: bool,
}

impl Windows {
    /// Moving windows over the two axes.
    pub(crate) fn moving(planes: usize, axes: &[Moving; 2], padded: bool) -> Self {
        Windows {
            planes,
            input: axes.map(|axis| axis.input),
            spans: [axes[0].spans(padded), axes[1].spans(padded)],
            step: axes.map(|axis| axis.dilation),
            halving: axes
                .iter()
                .all(|axis| (axis.kernel, axis.stride, axis.padding, axis.dilation) == (2, 2, 0, 1)),
        }
    }

    /// As many windows as the output has elements.
    pub(crate) fn adaptive(planes: usize, input: [usize; 2], output: [usize; 2]) -> Self {
        let spans = [adaptive(input[0], output[0]), adaptive(input[1], output[1])];
        Windows { planes, input, spans, step: [1, 1], halving: false }
    }

    pub(super) fn plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// The number of results for each plane.
    pub(super) fn places(&self) -> usize {
        self.spans[0].len() * self.spans[1].len()
    }

    /// The length of the windows along a row, if none is cut off.
    pub(super) fn length_of_all(&self) -> Option<usize> {
        let mut lengths = self.spans[1].iter().map(|span| span.end - span.start);
        lengths.next().filter(|first| lengths.all(|length| length == *first))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.planes * self.plane() * self.places() == 0
    }
}

/// The mean of each window.
#[inline(never)]
pub(crate) fn mean<E: Float>(x: &[E], windows: &Windows) -> Storage<E> {
    let mut y = Storage::filled(windows.planes * windows.places(), E::zero());
    if windows.is_empty() {
        return y;
    }
    let width = windows.input[1];
    let [rows, columns] = &windows.spans;
    let mut out = y.make_mut().iter_mut();
    for x in x.chunks_exact(windows.plane()) {
        for row in rows {
            for column in columns {
                let lines = x.chunks_exact(width).take(row.end).skip(row.start);
                let sum =
                    lines.flat_map(|line| &line[column.start..column.end]).fold(E::zero(), |a, b| a + *b);
                if let Some(y) = out.next() {
                    *y = sum / E::from_f64((row.counted * column.counted) as f64);
                }
            }
        }
    }
    y
}

/// The gradient of [`mean`]: each element of `grad` spread over its window.
#[inline(never)]
pub(crate) fn mean_gradient<E: Float>(grad: &[E], windows: &Windows) -> Storage<E> {
    let mut x = Storage::filled(windows.planes * windows.plane(), E::zero());
    if windows.is_empty() {
        return x;
    }
    let (plane, width) = (windows.plane(), windows.input[1]);
    let [rows, columns] = &windows.spans;
    let mut grad = grad.iter();
    for x in x.make_mut().chunks_exact_mut(plane) {
        for row in rows {
            for (column, grad) in columns.iter().zip(grad.by_ref()) {
                let part = *grad / E::from_f64((row.counted * column.counted) as f64);
                for line in x.chunks_exact_mut(width).take(row.end).skip(row.start) {
                    line[column.start..column.end].iter_mut().for_each(|x| *x += part);
                }
            }
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moving_window_stays_inside_and_counts_the_padding() {
        let axis = Moving { input: 5, output: 3, kernel: 3, stride: 2, padding: 1, dilation: 1 };
        let places =
            |padded| axis.spans(padded).iter().map(|s| (s.start, s.end, s.counted)).collect::<Vec<_>>();
        assert_eq!(places(true), [(0, 2, 3), (1, 4, 3), (3, 5, 3)]);
        assert_eq!(places(false), [(0, 2, 2), (1, 4, 3), (3, 5, 2)]);
    }

    #[test]
    fn a_window_with_gaps_begins_at_its_first_element_inside() {
        let axis = Moving { input: 4, output: 2, kernel: 3, stride: 1, padding: 1, dilation: 2 };
        let places: Vec<_> = axis.spans(false).iter().map(|s| (s.start, s.end, s.counted)).collect();
        assert_eq!(places, [(1, 4, 2), (0, 4, 2)]);
    }

    #[test]
    fn adaptive_windows_overlap_where_they_do_not_divide() {
        let places: Vec<_> = adaptive(5, 3).iter().map(|s| (s.start, s.end)).collect();
        assert_eq!(places, [(0, 2), (1, 4), (3, 5)]);
    }
}
