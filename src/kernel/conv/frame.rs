//! Images with zeros around them, split by the stride, so that a window is a list of offsets.
//!
//! Along an axis of stride s the elements r, r + s, r + 2 s, .. of the padded image are next to each other in phase r.
//! Tap k of a window at position i then reads element i + k dilation / s of phase k dilation mod s: the same distance from i
//! at every position. The positions of several rows are one run over memory, as wide as a row of the phase; what is between the
//! end of a row of the output and that of the phase is computed and left out.

use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Level, Simd, SimdFloat, Vector, dispatch};

/// One axis of a frame.
#[derive(Clone, Debug)]
pub(super) struct FrameAxis {
    /// The size of the image.
    pub(super) input: usize,
    /// The zeros before it.
    pub(super) before: usize,
    pub(super) stride: usize,
    /// The size of a phase.
    pub(super) len: usize,
}

impl FrameAxis {
    /// The elements of phase `r` from `from` on that the image has: where they begin, counted from `from`, where they begin
    /// in the image, and how many there are.
    fn inside(&self, r: usize, from: usize) -> (usize, usize, usize) {
        let first = self.before.saturating_sub(r).div_ceil(self.stride);
        let start = (first * self.stride + r - self.before).min(self.input);
        let count = self.input.saturating_sub(start).div_ceil(self.stride);
        let (begin, end) = (first.max(from), (first + count).min(from + self.len));
        (begin - from, start + (begin - first) * self.stride, end.saturating_sub(begin))
    }
}

/// The frames of `channels` channels of `images` images: [phase, channel, image, row, column].
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) axes: [FrameAxis; 2],
    pub(super) channels: usize,
    pub(super) images: usize,
    /// The elements of the image in each phase of the axes: [`FrameAxis::inside`] from the first element on.
    inside: [List<(usize, usize, usize)>; 2],
}

impl Frame {
    pub(super) fn new(axes: [FrameAxis; 2], channels: usize, images: usize) -> Self {
        let inside = [0, 1].map(|axis| (0..axes[axis].stride).map(|r| axes[axis].inside(r, 0)).collect());
        Frame { axes, channels, images, inside }
    }

    pub(super) fn plane(&self) -> usize {
        self.axes[0].len * self.axes[1].len
    }

    /// The number of elements, without what a vector may read after the last one.
    pub(super) fn len(&self) -> usize {
        self.axes[0].stride * self.axes[1].stride * self.channels * self.images * self.plane()
    }

    /// The start of channel `c` at the offset `at` of a window, whose phases and elements of them are given by axis.
    #[inline]
    pub(super) fn offset(&self, c: usize, phase: [usize; 2], at: [usize; 2]) -> usize {
        let phase = phase[0] * self.axes[1].stride + phase[1];
        (phase * self.channels + c) * self.images * self.plane() + at[0] * self.axes[1].len + at[1]
    }

    /// Calls `f` for the elements of image `image` in each phase, in the rows from `from` on: where they begin in the image
    /// and in the frame, how many rows and columns there are, and how many rows of the frame are above them. They are next to
    /// each other in the frame and a stride apart in the image.
    fn phases(&self, image: usize, from: usize, mut f: impl FnMut(usize, usize, [usize; 2], usize)) {
        let [rows, columns] = &self.axes;
        let size = rows.input * columns.input;
        let [from_the_first, columns_inside] = &self.inside;
        let from_there: List<_>;
        let rows_inside = if from == 0 {
            from_the_first
        } else {
            from_there = (0..rows.stride).map(|p| rows.inside(p, from)).collect();
            &from_there
        };
        // All phases of a channel, which is then read from afar once.
        for c in 0..self.channels {
            for (p, (top, row, height)) in rows_inside.iter().copied().enumerate() {
                for (r, (left, column, width)) in columns_inside.iter().copied().enumerate() {
                    if width > 0 {
                        let start = self.offset(c, [p, r], [top, left]) + image * self.plane();
                        f(c * size + row * columns.input + column, start, [height, width], top);
                    }
                }
            }
        }
    }

    /// How far apart the rows of a phase are in the image and in the frame.
    fn apart(&self) -> [usize; 2] {
        [self.axes[0].stride * self.axes[1].input, self.axes[1].len]
    }

    /// Copies image `image` into a frame of a few rows, row `first` of the frame of the whole image and those after it. The
    /// columns beside the image stay, and so do the rows above and below unless the frame is a part, where they become zeros.
    pub(super) fn enter_rows<E: SimdFloat>(
        &self,
        x: &[E],
        image: usize,
        (first, is_part): (usize, bool),
        frame: &mut [E],
    ) {
        let (step, apart, len) = (self.axes[1].stride, self.apart(), self.axes[0].len);
        if !is_part && self.axes.iter().all(|axis| axis.stride == 1) {
            // One phase, so that all channels are copied in one call.
            let (top, row, height) = self.axes[0].inside(0, first);
            let (left, column, width) = self.inside[1][0];
            if height > 0 && width > 0 {
                let from = &x[row * self.axes[1].input + column..];
                let from = (from, [1, apart[0], self.axes[0].input * self.axes[1].input]);
                let to = &mut frame[self.offset(0, [0, 0], [top, left]) + image * self.plane()..];
                let to = (to, [1, apart[1], self.images * self.plane()]);
                copy_images(self.channels, [height, width], from, to);
            }
            return;
        }
        let both = self.both_phases();
        self.phases(image, first, |from, to, [height, width], top| {
            let above = to - top * apart[1];
            let outside = if is_part { top.min(len) + len.saturating_sub(top + height) } else { 0 };
            for i in 0..outside {
                let row = if i < top { i } else { i + height };
                frame[above + row * apart[1]..][..width].fill(E::ZERO);
            }
            let column = from % self.axes[1].input;
            match both {
                // The phase of the first column, and with it the other one.
                Some((widths, other)) if height > 0 && column == 0 => {
                    let starts = [to, to.wrapping_add_signed(other)];
                    let from = (&x[from..], apart[0]);
                    dispatch(CopyOfPairs { height, widths, from, to: frame, starts, to_apart: apart[1] });
                }
                None if height > 0 => {
                    let to = (&mut frame[to..], 1, apart[1]);
                    copy_steps([height, width], (&x[from..], step, apart[0]), to);
                }
                _ => {}
            }
        });
    }

    /// Where columns of the image alternate between two phases, the number of columns that the phase of the first one has, and
    /// the other one, and how far the latter's are from the former's in the frame.
    fn both_phases(&self) -> Option<([usize; 2], isize)> {
        let [(left, column, width), (other_left, other_column, other_width)] = self.inside[1][..] else {
            return None;
        };
        if width == 0 || other_width == 0 {
            return None;
        }
        let of_phase = (self.channels * self.images * self.plane()) as isize;
        let apart = of_phase + other_left as isize - left as isize;
        match [column, other_column] {
            [0, 1] => Some(([width, other_width], apart)),
            [1, 0] => Some(([other_width, width], -apart)),
            _ => None,
        }
    }

    /// Copies the images of `x`, as many as the frame has or fewer, into the frame, whose padding stays.
    pub(super) fn enter_all<E: SimdFloat>(&self, x: &[E], frame: &mut [E]) {
        self.enter_images(x.len() / self.image(), (x, self.image()), frame);
    }

    /// Copies so many images, `apart` elements from each other, into the frame, whose padding stays.
    pub(super) fn enter_images<E: SimdFloat>(
        &self,
        images: usize,
        (x, apart): (&[E], usize),
        frame: &mut [E],
    ) {
        let (step, rows) = (self.axes[1].stride, self.apart());
        self.phases(0, 0, |from, to, size, _| {
            if size[0] > 0 && images > 0 {
                let from = (&x[from..], [step, rows[0], apart]);
                copy_images(images, size, from, (&mut frame[to..], [1, rows[1], self.plane()]));
            }
        });
    }

    /// Copies what of the images of `x` is in the frame into them.
    pub(super) fn leave_all<E: SimdFloat>(&self, frame: &[E], x: &mut [E]) {
        let (step, apart, image) = (self.axes[1].stride, self.apart(), self.image());
        let images = x.len() / image;
        self.phases(0, 0, |to, from, size, _| {
            if size[0] > 0 && images > 0 {
                let from = (&frame[from..], [1, apart[1], self.plane()]);
                copy_images(images, size, from, (&mut x[to..], [step, apart[0], image]));
            }
        });
    }

    /// The number of elements of an image.
    fn image(&self) -> usize {
        self.channels * self.axes[0].input * self.axes[1].input
    }
}

/// Copies `height` rows of `width` elements, which are often too short for a call of `memcpy` to pay. Beside each side is
/// how far apart its rows are.
pub(super) fn copy_rows<E: SimdFloat>(
    size: [usize; 2],
    (from, from_apart): (&[E], usize),
    (to, to_apart): (&mut [E], usize),
) {
    copy_steps(size, (from, 1, from_apart), (to, 1, to_apart));
}

/// As [`copy_rows`]; beside each side is how far apart its elements and its rows are. Those of one side are neighbors.
pub(super) fn copy_steps<E: SimdFloat>(
    [height, width]: [usize; 2],
    (from, from_step, from_apart): (&[E], usize, usize),
    (to, to_step, to_apart): (&mut [E], usize, usize),
) {
    dispatch(CopyOfRows { height, width, from, from_step, from_apart, to, to_step, to_apart });
}

struct CopyOfRows<'a, E> {
    height: usize,
    width: usize,
    from: &'a [E],
    from_step: usize,
    from_apart: usize,
    to: &'a mut [E],
    to_step: usize,
    to_apart: usize,
}

impl<E: SimdFloat> Kernel for CopyOfRows<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let CopyOfRows { height, width, from, from_step, from_apart, to, to_step, to_apart } = self;
        let len = |step: usize| width.saturating_sub(1) * step + width.min(1);
        match [from_step, to_step] {
            [1, 1] => {
                for i in 0..height {
                    copy_row::<S, E>(&from[i * from_apart..][..width], &mut to[i * to_apart..][..width]);
                }
            }
            // Elements after a row are read, if there are any, and not used.
            [2, 1] => {
                for i in 0..height {
                    gather_row::<S, E, 2>(&from[i * from_apart..], &mut to[i * to_apart..][..width]);
                }
            }
            [4, 1] => {
                for i in 0..height {
                    gather_row::<S, E, 4>(&from[i * from_apart..], &mut to[i * to_apart..][..width]);
                }
            }
            _ => {
                for i in 0..height {
                    let from = from[i * from_apart..][..len(from_step)].iter().step_by(from_step);
                    let to = to[i * to_apart..][..len(to_step)].iter_mut().step_by(to_step);
                    to.zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// As [`copy_steps`], for several images; beside each side is how far apart its elements, its rows and its images are.
pub(super) fn copy_images<E: SimdFloat>(
    images: usize,
    size: [usize; 2],
    from: (&[E], [usize; 3]),
    to: (&mut [E], [usize; 3]),
) {
    dispatch(CopyOfImages { images, size, from, to });
}

struct CopyOfImages<'a, E> {
    images: usize,
    size: [usize; 2],
    from: (&'a [E], [usize; 3]),
    to: (&'a mut [E], [usize; 3]),
}

impl<E: SimdFloat> Kernel for CopyOfImages<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let ([height, width], (from, [from_step, from_apart, from_image])) = (self.size, self.from);
        let (to, [to_step, to_apart, to_image]) = self.to;
        for image in 0..self.images {
            let (from, to) = (&from[image * from_image..], &mut to[image * to_image..]);
            CopyOfRows { height, width, from, from_step, from_apart, to, to_step, to_apart }.run::<S>();
        }
    }
}

/// Copies rows whose columns alternate between two rows of another place.
struct CopyOfPairs<'a, E> {
    height: usize,
    /// The columns of each.
    widths: [usize; 2],
    /// And how far apart the rows are.
    from: (&'a [E], usize),
    to: &'a mut [E],
    starts: [usize; 2],
    to_apart: usize,
}

impl<E: SimdFloat> Kernel for CopyOfPairs<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let CopyOfPairs { height, widths, from: (from, from_apart), to, starts, to_apart } = self;
        let (lanes, both) = (E::V::<S>::LANES, widths[0].min(widths[1]));
        let end = (2 * widths[0]).max(2 * widths[1] + 1) - 1;
        for i in 0..height {
            let from = &from[i * from_apart..][..end];
            let [a, b] = [starts[0] + i * to_apart, starts[1] + i * to_apart];
            let mut q = 0;
            while q + lanes <= both {
                let next = E::V::<S>::load(&from[2 * q + lanes..]);
                let (even, odd) = E::V::<S>::load(&from[2 * q..]).unzip(next);
                even.store(&mut to[a + q..]);
                odd.store(&mut to[b + q..]);
                q += lanes;
            }
            let from = &from[2 * q..];
            if from.is_empty() {
                continue;
            }
            if S::LEVEL == Level::Avx512 && from.len() <= 2 * lanes {
                let (first, next) = from.split_at(lanes.min(from.len()));
                let next = E::V::<S>::load_partial(next, E::ZERO);
                let (even, odd) = E::V::<S>::load_partial(first, E::ZERO).unzip(next);
                even.store_partial(&mut to[a + q..a + widths[0]]);
                odd.store_partial(&mut to[b + q..b + widths[1]]);
            } else {
                for (width, phase, start) in [(widths[0], 0, a), (widths[1], 1, b)] {
                    let to = to[start + q..start + width].iter_mut();
                    to.zip(from.iter().skip(phase).step_by(2)).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// Copies every STEPth element, 2 or 4.
#[inline(always)]
fn gather_row<S: Simd, E: SimdFloat, const STEP: usize>(from: &[E], to: &mut [E]) {
    let (lanes, width) = (E::V::<S>::LANES, to.len());
    if width >= lanes && STEP * width <= from.len() {
        let (last, mut q) = (width - lanes, 0);
        while q < last {
            gather::<S, E, STEP>(&from[STEP * q..]).store(&mut to[q..]);
            q += lanes;
        }
        // The last vector overlaps the one before.
        gather::<S, E, STEP>(&from[STEP * last..]).store(&mut to[last..]);
    } else if S::LEVEL == Level::Avx512 && STEP == 2 && width <= lanes {
        let (first, next) = from[..from.len().min(2 * width)].split_at(lanes.min(from.len()).min(2 * width));
        let next = E::V::<S>::load_partial(next, E::ZERO);
        E::V::<S>::load_partial(first, E::ZERO).unzip(next).0.store_partial(to);
    } else {
        to.iter_mut().zip(from.iter().step_by(STEP)).for_each(|(to, from)| *to = *from);
    }
}

/// A vector of every STEPth element, 2 or 4.
#[inline(always)]
fn gather<S: Simd, E: SimdFloat, const STEP: usize>(from: &[E]) -> E::V<S> {
    let mut parts = [E::V::<S>::zero(); STEP];
    for (i, part) in parts.iter_mut().enumerate() {
        *part = E::V::<S>::load(&from[i * E::V::<S>::LANES..]);
    }
    let first = parts[0].unzip(parts[1]).0;
    if STEP == 2 { first } else { first.unzip(parts[2].unzip(parts[3]).0).0 }
}
/// Copies a row whose length both have.
#[inline(always)]
pub(super) fn copy_row<S: Simd, E: SimdFloat>(from: &[E], to: &mut [E]) {
    let (lanes, width) = (E::V::<S>::LANES, from.len().min(to.len()));
    if width >= lanes {
        let (last, mut q) = (width - lanes, 0);
        while q < last {
            E::V::<S>::load(&from[q..q + lanes]).store(&mut to[q..q + lanes]);
            q += lanes;
        }
        // The last vector overlaps the one before.
        E::V::<S>::load(&from[last..width]).store(&mut to[last..width]);
    } else if S::LEVEL == Level::Avx512 {
        E::V::<S>::load_partial(from, E::ZERO).store_partial(to);
    } else {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::with_level;

    /// Rows of every width with every step on either side, where nothing follows the last row, too.
    fn steps_are_those_of_the_definition<E: SimdFloat>() {
        for (width, step) in (0..40).flat_map(|width| (1..6).map(move |step| (width, step))) {
            let (near, far) = (width + 3, width * step + 1);
            let len = |apart: usize, step: usize| 2 * apart + (width * step).saturating_sub(step - 1);
            let numbers = |len: usize| (0..len).map(|i| E::from_f64(i as f64)).collect::<Vec<_>>();
            let (from, to) = (numbers(len(far, step)), numbers(len(near, 1)));
            let mut gathered = to.clone();
            let mut scattered = from.clone();
            for i in 0..3 {
                for j in 0..width {
                    gathered[i * near + j] = from[i * far + j * step];
                    scattered[i * far + j * step] = to[i * near + j];
                }
            }
            for level in Level::ALL {
                let (mut a, mut b) = (to.clone(), from.clone());
                with_level(level, || {
                    copy_steps([3, width], (&from, step, far), (&mut a, 1, near));
                    copy_steps([3, width], (&to, 1, near), (&mut b, step, far));
                });
                assert!(a == gathered && b == scattered, "{width} elements, step {step}, {level}");
            }
        }
    }

    #[test]
    fn rows_of_any_width_and_step_are_copied() {
        steps_are_those_of_the_definition::<f32>();
        steps_are_those_of_the_definition::<f64>();
    }
}
