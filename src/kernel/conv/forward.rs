//! The convolution, image after image: a frame, then a few rows of the output at a time.

use super::conv::{Convolution, Finish};
use super::frame::{Frame, FrameAxis, copy_rows};
use super::max_pool_2x2;
use super::pixels::{self, Pixels};
use super::tile::{self, PAD, Packed, Tiles};
use crate::kernel::memory::List;
use crate::kernel::simd::{SimdFloat, dispatch};
use crate::kernel::threads::for_each_chunk;
use std::ops::Range;

/// The elements of a piece of the output, so that it stays in the cache until its rows are copied.
pub(super) const PIECE: usize = 8192;

impl Convolution {
    /// The frames that the windows of the input channels of a group lie in, for several images.
    pub(super) fn frame(&self, images: usize) -> Frame {
        let axis = |i: usize| FrameAxis {
            input: self.input[i],
            before: self.padding[i],
            stride: self.stride[i],
            len: self.output[i] + (self.kernel[i] - 1) * self.dilation[i] / self.stride[i],
        };
        Frame { axes: [axis(0), axis(1)], channels: self.part()[0], images }
    }

    /// Where each term of the sum begins in the frame: for each channel of a group the elements of the kernel.
    pub(super) fn offsets(&self, frame: &Frame) -> List<usize> {
        let split = |i: usize, tap: usize| {
            let at = tap * self.dilation[i];
            (at % self.stride[i], at / self.stride[i])
        };
        let mut offsets = List::with_capacity(self.inner());
        for c in 0..frame.channels {
            for k in 0..self.taps() {
                let (row, column) = (split(0, k / self.kernel[1]), split(1, k % self.kernel[1]));
                offsets.push(frame.offset(c, [row.0, column.0], [row.1, column.1]));
            }
        }
        offsets
    }
}

/// Runs the sums over `places` rows and columns, a few rows at a time, and gives them to `leave`: the channel, the first
/// row, how many there are, and their elements, `width` apart.
pub(super) fn sum_rows<E: SimdFloat>(
    (packed, bias, relu): (&Packed<E>, Option<&[E]>, bool),
    (frame, width): (&[E], usize),
    offsets: &[usize],
    places: [usize; 2],
    piece: &mut List<E>,
    mut leave: impl FnMut(usize, usize, usize, &[E]),
) {
    let outs = packed.outs();
    // An even number, for pooling.
    let rows = (PIECE / (outs * width)).next_multiple_of(2).clamp(2, places[0].next_multiple_of(2));
    let apart = (rows * width).next_multiple_of(PAD);
    piece.resize(outs * apart, E::ZERO);
    for first in (0..places[0]).step_by(rows) {
        let rows = rows.min(places[0] - first);
        let len = (rows - 1) * width + places[1];
        dispatch(Tiles { packed, bias, relu, frame: &frame[first * width..], offsets, len, out: piece });
        for (o, channel) in piece.chunks_exact(apart).enumerate() {
            leave(o, first, rows, channel);
        }
    }
}

/// The multiply-adds that the transposition of a vector of outputs, or its way through a piece, costs.
const STORE: usize = 6;

/// Whether vectors lie along the channels: where that wastes less.
fn is_by_pixels<E>(sizes: &Convolution, finish: Finish) -> bool {
    let ([_, out], [rows, columns], inner) = (sizes.part(), sizes.output, sizes.inner());
    let lanes = pixels::block::<E>();
    let pixels = if finish.max_pool_2x2 { rows / 2 * 2 * (columns / 2 * 2) } else { rows * columns };
    let width = sizes.frame(1).axes[1].len;
    let rows = if finish.max_pool_2x2 { rows / 2 * 2 } else { rows };
    let along = out * ((rows - 1) * width + columns).div_ceil(lanes);
    out.div_ceil(lanes) * pixels * (inner + STORE) < along * (inner + STORE)
}

/// y = w * x + bias, finished.
pub(super) fn convolve<E: SimdFloat>(
    x: &[E],
    w: &[E],
    bias: Option<&[E]>,
    finish: Finish,
    sizes: &Convolution,
    y: &mut [E],
) {
    let run = if is_by_pixels::<E>(sizes, finish) { by_pixels } else { by_rows };
    run(x, w, bias, finish, sizes, y);
}

/// [`convolve`] with vectors along the rows.
pub(super) fn by_rows<E: SimdFloat>(
    x: &[E],
    w: &[E],
    bias: Option<&[E]>,
    finish: Finish,
    sizes: &Convolution,
    y: &mut [E],
) {
    let (plane, inner) = (sizes.planes()[0], sizes.inner());
    let size = sizes.finished(finish);
    let places = size[0] * size[1];
    let frame = sizes.frame(1);
    let width = frame.axes[1].len;
    let offsets = sizes.offsets(&frame);
    let [out, slices] = sizes.slices(tile::WIDTHS[0]);
    let packed: List<_> =
        w.chunks_exact(out * inner).map(|w| Packed::new(out, inner, |o, k| w[o * inner + k])).collect();
    let per_row = finish.per_row();
    // Some rows of a slice.
    let run = |slice: usize, rows: Range<usize>, memory: &[E], piece: &mut List<E>, y: &mut [E]| {
        let apart = rows.len() * size[1];
        let bias = bias.map(|bias| &bias[slice * out..][..out]);
        let packed = (&packed[slice], bias, finish.relu);
        let memory = (&memory[rows.start * per_row * width..], width);
        let read = [rows.len() * per_row, sizes.output[1]];
        sum_rows(packed, memory, &offsets, read, piece, |o, first, rows, from| {
            let columns = size[1];
            if finish.max_pool_2x2 {
                let to = &mut y[o * apart + first / 2 * columns..][..rows / 2 * columns];
                return max_pool_2x2::largest_of_rows(from, width, columns, to);
            }
            let to = &mut y[o * apart + first * columns..];
            copy_rows([rows, columns], (from, width), (to, columns));
        });
    };
    let bands = sizes.bands(out, size[0]);
    if bands > 1 {
        let mut memory = List::filled(frame.len() + PAD, E::ZERO);
        frame.enter(x, 0, &mut memory);
        return in_bands(y, size, bands, |rows, y| run(0, rows, &memory, &mut List::new(), y));
    }
    for_each_chunk(y, slices * out * places, |part, y| {
        let mut memory = List::filled(frame.len() + PAD, E::ZERO);
        let mut piece = List::new();
        for (i, y) in y.chunks_exact_mut(out * places).enumerate() {
            let group = (part * slices + i) * out / sizes.part()[1];
            let x = &x[group * frame.channels * plane..][..frame.channels * plane];
            frame.enter(x, 0, &mut memory);
            run((part * slices + i) % packed.len(), 0..size[0], &memory, &mut piece, y);
        }
    });
}

/// [`convolve`] with vectors along the channels.
pub(super) fn by_pixels<E: SimdFloat>(
    x: &[E],
    w: &[E],
    bias: Option<&[E]>,
    finish: Finish,
    sizes: &Convolution,
    y: &mut [E],
) {
    let (plane, inner) = (sizes.planes()[0], sizes.inner());
    let size = sizes.finished(finish);
    let places = size[0] * size[1];
    let frame = sizes.frame(1);
    let width = frame.axes[1].len;
    let offsets = sizes.offsets(&frame);
    let [out, slices] = sizes.slices(pixels::block::<E>());
    let blocks: List<_> = w
        .chunks_exact(out * inner)
        .enumerate()
        .map(|(i, w)| pixels::Blocks::new([out, inner], bias.map(|bias| &bias[i * out..][..out]), w))
        .collect();
    let is_frame = sizes.is_frame();
    let len = if is_frame { 0 } else { frame.len() };
    let per_row = finish.per_row();
    let at_once = (PIECE / (out * size[1])).clamp(1, size[0]);
    let len_of_scratch = pixels::scratch::<E>(out, at_once * size[1]);
    // Some rows of a slice.
    let run = |slice: usize, rows: Range<usize>, x: &[E], scratch: &mut [E], y: &mut [E]| {
        let apart = rows.len() * size[1];
        for first in rows.clone().step_by(at_once) {
            dispatch(Pixels {
                blocks: &blocks[slice],
                first_term: 0,
                frame: &x[first * per_row * width..],
                width,
                offsets: &offsets,
                size: [at_once.min(rows.end - first) * per_row, sizes.output[1]],
                finish,
                scratch,
                y: &mut y[(first - rows.start) * size[1]..],
                apart,
            });
        }
    };
    let bands = sizes.bands(out, size[0]);
    if bands > 1 {
        let mut memory = List::filled(len, E::ZERO);
        if !is_frame {
            frame.enter(x, 0, &mut memory);
        }
        let x = if is_frame { x } else { &memory };
        return in_bands(y, size, bands, |rows, y| {
            run(0, rows, x, &mut List::filled(len_of_scratch, E::ZERO), y);
        });
    }
    for_each_chunk(y, slices * out * places, |part, y| {
        let mut memory = List::filled(len, E::ZERO);
        let mut scratch = List::filled(len_of_scratch, E::ZERO);
        for (i, y) in y.chunks_exact_mut(out * places).enumerate() {
            let group = (part * slices + i) * out / sizes.part()[1];
            let x = &x[group * frame.channels * plane..][..frame.channels * plane];
            let x = if is_frame {
                x
            } else {
                frame.enter(x, 0, &mut memory);
                &memory
            };
            run((part * slices + i) % blocks.len(), 0..size[0], x, &mut scratch, y);
        }
    });
}

/// Writes the rows of an image, all channels of them, in about so many bands, each of which `write` puts into memory of its own.
pub(super) fn in_bands<E: SimdFloat>(
    y: &mut [E],
    [rows, columns]: [usize; 2],
    bands: usize,
    write: impl Fn(Range<usize>, &mut [E]) + Sync,
) {
    let (of, out) = (rows.div_ceil(bands), y.len() / (rows * columns));
    let mut written = List::filled(y.len(), E::ZERO);
    for_each_chunk(&mut written, out * of * columns, |band, to| {
        write(band * of..band * of + to.len() / (out * columns), to);
    });
    for (band, from) in written.chunks(out * of * columns).enumerate() {
        let len = from.len() / out;
        for (from, y) in from.chunks_exact(len).zip(y.chunks_exact_mut(rows * columns)) {
            y[band * of * columns..][..len].copy_from_slice(from);
        }
    }
}
