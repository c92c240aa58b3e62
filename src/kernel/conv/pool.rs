//! Windows over the planes of images. A signal is an image of height 1.

use super::conv::Convolution;
use crate::kernel::memory::List;
use crate::kernel::threads;

/// The elements of a part: a plane is never split.
const PART: usize = 1 << 16;

/// One position of a window along an axis: the elements `start`, `start + step`, .. before `end`, which may be none.
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

    /// The positions. `padded` says whether a mean counts what is outside.
    pub(crate) fn spans(&self, padded: bool) -> List<Span> {
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
pub(crate) fn adaptive(input: usize, output: usize) -> List<Span> {
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
    pub(crate) spans: [List<Span>; 2],
    pub(crate) step: [usize; 2],
    /// The axes, if the windows have one size and move by one stride.
    pub(super) moving: Option<[Moving; 2]>,
}

impl Windows {
    /// How many planes one part of the work takes.
    pub(super) fn planes_per_part(&self) -> usize {
        let plane = self.plane().max(1);
        threads::part_size(self.planes * plane, PART).div_ceil(plane).min(self.planes)
    }

    /// Moving windows over the two axes.
    pub(crate) fn moving(planes: usize, axes: &[Moving; 2], padded: bool) -> Self {
        Windows {
            planes,
            input: axes.map(|axis| axis.input),
            spans: [axes[0].spans(padded), axes[1].spans(padded)],
            step: axes.map(|axis| axis.dilation),
            moving: Some(*axes),
        }
    }

    /// As many windows as the output has elements.
    pub(crate) fn adaptive(planes: usize, input: [usize; 2], output: [usize; 2]) -> Self {
        let divides = |i: usize| output[i] > 0 && input[i].is_multiple_of(output[i]);
        if divides(0) && divides(1) {
            let axes = [0, 1].map(|i| {
                let kernel = input[i] / output[i];
                Moving { input: input[i], output: output[i], kernel, stride: kernel, padding: 0, dilation: 1 }
            });
            return Windows::moving(planes, &axes, true);
        }
        let spans = [adaptive(input[0], output[0]), adaptive(input[1], output[1])];
        Windows { planes, input, spans, step: [1, 1], moving: None }
    }

    /// Whether windows of 2 x 2 elements lie side by side.
    pub(super) fn is_halving(&self) -> bool {
        let halves = |axis: &Moving| (axis.kernel, axis.stride, axis.padding, axis.dilation) == (2, 2, 0, 1);
        self.moving.is_some_and(|axes| axes.iter().all(halves))
    }

    /// The size of windows that lie side by side in a signal: in a row of height 1.
    pub(super) fn side_by_side(&self) -> Option<usize> {
        let [rows, columns] = self.moving?;
        let once = (rows.input, rows.kernel, rows.padding) == (1, 1, 0);
        let beside = columns.kernel == columns.stride && (columns.padding, columns.dilation) == (0, 1);
        (once && beside).then_some(columns.kernel)
    }

    /// The sizes of the windows over one plane, unless they are too many to be numbered by an `f32`.
    pub(super) fn sizes(&self) -> Option<Convolution> {
        let axes = self.moving?;
        let sizes = Convolution {
            batch: 1,
            channels: [1, 1],
            groups: 1,
            input: axes.map(|axis| axis.input),
            output: axes.map(|axis| axis.output),
            kernel: axes.map(|axis| axis.kernel),
            stride: axes.map(|axis| axis.stride),
            padding: axes.map(|axis| axis.padding),
            dilation: axes.map(|axis| axis.dilation),
        };
        Some(sizes).filter(|sizes| sizes.taps() < 1 << f32::MANTISSA_DIGITS)
    }

    pub(super) fn plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// The number of results for each plane.
    pub(super) fn places(&self) -> usize {
        self.spans[0].len() * self.spans[1].len()
    }

    /// The most windows that lie over one row, and over one column.
    pub(super) fn overlaps(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let mut change = List::filled(self.input[axis] + 1, 0_isize);
            for span in self.spans[axis].iter().filter(|span| span.start < span.end) {
                change[span.start] += 1;
                change[span.end] -= 1;
            }
            let counts = change.iter().scan(0, |count, change| {
                *count += change;
                Some(*count)
            });
            counts.max().unwrap_or(0).cast_unsigned()
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.planes * self.plane() * self.places() == 0
    }
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
    fn a_window_with_gaps_starts_at_its_first_element_inside() {
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
