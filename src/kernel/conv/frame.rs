//! Images with zeros around them, split by the stride, so that a window is a list of offsets.
//!
//! Along an axis of stride s the elements r, r + s, r + 2 s, .. of the padded image are next to each other in phase r.
//! Tap k of a window at place i then reads element i + k dilation / s of phase k dilation mod s: the same distance from i
//! at every place. The places of several rows are one run over memory, as wide as a row of the phase; what is between the
//! end of a row of the output and that of the phase is computed and left out.

use crate::kernel::simd::SimdFloat;

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
    /// For each element of phase `r` that the image has: the first one in the phase, the first one in the image, and how
    /// many there are.
    fn inside(&self, r: usize) -> (usize, usize, usize) {
        let first = self.before.saturating_sub(r).div_ceil(self.stride);
        let start = (first * self.stride + r - self.before).min(self.input);
        let count = self.input.saturating_sub(start).div_ceil(self.stride);
        (first, start, count.min(self.len.saturating_sub(first)))
    }
}

/// The frames of `channels` channels of `images` images: [phase, channel, image, row, column].
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) axes: [FrameAxis; 2],
    pub(super) channels: usize,
    pub(super) images: usize,
}

impl Frame {
    pub(super) fn plane(&self) -> usize {
        self.axes[0].len * self.axes[1].len
    }

    /// The number of elements, without what a vector may read after the last one.
    pub(super) fn len(&self) -> usize {
        self.axes[0].stride * self.axes[1].stride * self.channels * self.images * self.plane()
    }

    /// Where channel `c` begins at the offset `at` of a window, whose phases and elements of them are given by axis.
    pub(super) fn offset(&self, c: usize, phase: [usize; 2], at: [usize; 2]) -> usize {
        let phase = phase[0] * self.axes[1].stride + phase[1];
        (phase * self.channels + c) * self.images * self.plane() + at[0] * self.axes[1].len + at[1]
    }

    /// Calls `f` for the rows of image `image` in each phase: where the row begins in the image and in the frame, and how
    /// many elements there are, which are next to each other in the frame and a stride apart in the image.
    fn rows(&self, image: usize, mut f: impl FnMut(usize, usize, usize)) {
        let [rows, columns] = &self.axes;
        let size = rows.input * columns.input;
        for p in 0..rows.stride {
            let (top, row, height) = rows.inside(p);
            for r in 0..columns.stride {
                let (left, column, width) = columns.inside(r);
                for c in 0..self.channels {
                    let start = self.offset(c, [p, r], [top, left]) + image * self.plane();
                    for i in 0..height {
                        let from = c * size + (row + i * rows.stride) * columns.input + column;
                        f(from, start + i * columns.len, width);
                    }
                }
            }
        }
    }

    /// Copies image `image`, all channels of it, into the frame, whose padding stays.
    pub(super) fn enter<E: SimdFloat>(&self, x: &[E], image: usize, frame: &mut [E]) {
        let stride = self.axes[1].stride;
        self.rows(image, |from, to, width| {
            let to = &mut frame[to..][..width];
            if stride == 1 {
                copy_row(to, &x[from..][..width]);
            } else if width > 0 {
                to.iter_mut().zip(x[from..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
            }
        });
    }

    /// Copies what of image `image` is in the frame into it.
    pub(super) fn leave<E: SimdFloat>(&self, frame: &[E], image: usize, x: &mut [E]) {
        let stride = self.axes[1].stride;
        self.rows(image, |to, from, width| {
            let from = &frame[from..][..width];
            if stride == 1 {
                copy_row(&mut x[to..][..width], from);
            } else if width > 0 {
                x[to..].iter_mut().step_by(stride).zip(from).for_each(|(to, from)| *to = *from);
            }
        });
    }
}

/// Copies a row, which is often too short for a call of `memcpy` to pay.
#[inline(always)]
pub(super) fn copy_row<E: Copy>(to: &mut [E], from: &[E]) {
    if to.len() > 32 {
        return to.copy_from_slice(from);
    }
    let ((to, to_rest), (from, from_rest)) = (to.as_chunks_mut::<8>(), from.as_chunks::<8>());
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    to_rest.iter_mut().zip(from_rest).for_each(|(to, from)| *to = *from);
}
