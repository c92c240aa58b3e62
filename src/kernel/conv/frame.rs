//! Images with zeros around them, split by the stride, so that a window is a list of offsets.
//!
//! Along an axis of stride s the elements r, r + s, r + 2 s, .. of the padded image are next to each other in phase r.
//! Tap k of a window at position i then reads element i + k dilation / s of phase k dilation mod s: the same distance from i
//! at every position. The positions of several rows are one run over memory, as wide as a row of the phase; what is between the
//! end of a row of the output and that of the phase is computed and left out.

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

    /// The start of channel `c` at the offset `at` of a window, whose phases and elements of them are given by axis.
    pub(super) fn offset(&self, c: usize, phase: [usize; 2], at: [usize; 2]) -> usize {
        let phase = phase[0] * self.axes[1].stride + phase[1];
        (phase * self.channels + c) * self.images * self.plane() + at[0] * self.axes[1].len + at[1]
    }

    /// Calls `f` for the elements of image `image` in each phase: where they begin in the image and in the frame, and how
    /// many rows and columns there are. They are next to each other in the frame and a stride apart in the image.
    fn phases(&self, image: usize, mut f: impl FnMut(usize, usize, [usize; 2])) {
        let [rows, columns] = &self.axes;
        let size = rows.input * columns.input;
        for p in 0..rows.stride {
            let (top, row, height) = rows.inside(p);
            for r in 0..columns.stride {
                let (left, column, width) = columns.inside(r);
                if height * width > 0 {
                    for c in 0..self.channels {
                        let start = self.offset(c, [p, r], [top, left]) + image * self.plane();
                        f(c * size + row * columns.input + column, start, [height, width]);
                    }
                }
            }
        }
    }

    /// How far apart the rows of a phase are in the image and in the frame.
    fn apart(&self) -> [usize; 2] {
        [self.axes[0].stride * self.axes[1].input, self.axes[1].len]
    }

    /// Copies image `image`, all channels of it, into the frame, whose padding stays.
    pub(super) fn enter<E: SimdFloat>(&self, x: &[E], image: usize, frame: &mut [E]) {
        let (stride, [of_image, of_frame]) = (self.axes[1].stride, self.apart());
        self.phases(image, |from, to, [height, width]| {
            if stride == 1 {
                return copy_rows([height, width], (&x[from..], of_image), (&mut frame[to..], of_frame));
            }
            for i in 0..height {
                let from = x[from + i * of_image..].iter().step_by(stride);
                frame[to + i * of_frame..][..width].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
            }
        });
    }

    /// Copies what of image `image` is in the frame into it.
    pub(super) fn leave<E: SimdFloat>(&self, frame: &[E], image: usize, x: &mut [E]) {
        let (stride, [of_image, of_frame]) = (self.axes[1].stride, self.apart());
        self.phases(image, |to, from, [height, width]| {
            if stride == 1 {
                return copy_rows([height, width], (&frame[from..], of_frame), (&mut x[to..], of_image));
            }
            for i in 0..height {
                let to = x[to + i * of_image..].iter_mut().step_by(stride);
                to.zip(&frame[from + i * of_frame..][..width]).for_each(|(to, from)| *to = *from);
            }
        });
    }
}

/// Copies `height` rows of `width` elements, which are often too short for a call of `memcpy` to pay. Beside each side is
/// how far apart its rows are.
pub(super) fn copy_rows<E: SimdFloat>(
    [height, width]: [usize; 2],
    (from, from_apart): (&[E], usize),
    (to, to_apart): (&mut [E], usize),
) {
    dispatch(CopyOfRows { height, width, from, from_apart, to, to_apart });
}

struct CopyOfRows<'a, E> {
    height: usize,
    width: usize,
    from: &'a [E],
    from_apart: usize,
    to: &'a mut [E],
    to_apart: usize,
}

impl<E: SimdFloat> Kernel for CopyOfRows<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        for i in 0..self.height {
            let from = &self.from[i * self.from_apart..][..self.width];
            copy_row::<S, E>(from, &mut self.to[i * self.to_apart..][..self.width]);
        }
    }
}

/// Copies a row whose length both have.
#[inline(always)]
fn copy_row<S: Simd, E: SimdFloat>(from: &[E], to: &mut [E]) {
    let (lanes, width) = (E::V::<S>::LANES, from.len().min(to.len()));
    if width >= lanes {
        // The last vector overlaps the one before.
        for q in (0..width - lanes).step_by(lanes).chain([width - lanes]) {
            E::V::<S>::load(&from[q..]).store(&mut to[q..]);
        }
    } else if S::LEVEL == Level::Avx512 {
        E::V::<S>::load_partial(from, E::ZERO).store_partial(to);
    } else {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}
