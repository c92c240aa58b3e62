//! The convolution, a few images at a time: a frame of some rows, then a few rows of the output at a time.

use super::channels;
use super::conv::{Convolution, Finish};
use super::frame::{Frame, FrameAxis};
use super::one_channel;
use super::packed_weights::{PackedWeights, channels_per_block};
use super::pixels::{self, Pixels};
use super::pool_2x2;
use super::terms::{chains, images_at_once, rows_at_once};
use super::tile::{self, PAD, Packed, Tiles};
use crate::element::Element;
use crate::kernel::memory::{List, Workspace};
use crate::kernel::simd::{Level, SimdFloat, dispatch, level};
use crate::kernel::threads::for_each_chunk;
use std::ops::Range;

/// The elements of a piece of the output, so that it stays in the cache until its rows are copied.
pub(super) const PIECE: usize = 8192;

/// The elements of frames of one channel that are read together, which stay in the first level of the cache.
const FRAMES: usize = 4096;

/// The bytes of a frame that stay in the second level of the cache.
const FRAME: usize = 192 << 10;

impl Convolution {
    /// The frames that the windows of the input channels of a group lie in, for several images.
    pub(super) fn frame(&self, images: usize) -> Frame {
        self.frame_of_rows(images, self.output[0])
    }

    /// As [`rows_of_frame`], for the output.
    pub(super) fn rows_of_frame<E>(&self, images: usize, unit: usize) -> usize {
        let around = (self.kernel[0] - 1) * self.dilation[0] / self.stride[0];
        rows_of_frame::<E>(self.frame(images).len(), [self.output[0], around], unit)
    }

    /// As [`frame`](Self::frame), for some rows of the output.
    pub(super) fn frame_of_rows(&self, images: usize, rows: usize) -> Frame {
        let axis = |i: usize, output: usize| FrameAxis {
            input: self.input[i],
            before: self.padding[i],
            stride: self.stride[i],
            len: output + (self.kernel[i] - 1) * self.dilation[i] / self.stride[i],
        };
        Frame::new([axis(0, rows), axis(1, self.output[1])], self.part()[0], images)
    }

    /// Where each term of the sum begins in the frame: for each channel of a group the elements of the kernel.
    pub(super) fn offsets(&self, frame: &Frame) -> List<usize> {
        let split = |i: usize, tap: usize| {
            let at = tap * self.dilation[i];
            (at % self.stride[i], at / self.stride[i])
        };
        let mut offsets = List::with_capacity(self.inner());
        for k in 0..self.taps() {
            let (row, column) = (split(0, k / self.kernel[1]), split(1, k % self.kernel[1]));
            offsets.push(frame.offset(0, [row.0, column.0], [row.1, column.1]));
        }
        for c in 1..frame.channels {
            let start = frame.offset(c, [0, 0], [0, 0]);
            for k in 0..self.taps() {
                offsets.push(start + offsets[k]);
            }
        }
        offsets
    }
}

/// How many of `rows` rows, a multiple of `unit` or all, are computed from one frame, of which there is one of `len` elements
/// for all of them with `around` rows more: as many as suffice for the cache, or for a few times the rows around them.
pub(super) fn rows_of_frame<E>(len: usize, [rows, around]: [usize; 2], unit: usize) -> usize {
    let of_row = len.div_ceil(rows + around) * size_of::<E>();
    let fit = (FRAME / of_row.max(1)).saturating_sub(around).max(4 * around).max(1);
    if fit >= rows { rows } else { fit.next_multiple_of(unit).min(rows) }
}

/// Runs the sums over `places` rows and columns, a few rows at a time, with the bias and, where nothing is normalized, ReLU, and gives
/// them to `leave`: the first row, how many there are, and the elements of all channels, whose rows are `width` apart, with how far
/// apart the channels are.
pub(super) fn sum_rows<E: SimdFloat>(
    (packed, finish): (&Packed<E>, Finish<'_, E>),
    (frame, width): (&[E], usize),
    offsets: &[usize],
    places: [usize; 2],
    piece: &mut Workspace<E>,
    mut leave: impl FnMut([usize; 2], &mut [E], usize),
) {
    let outs = packed.outs();
    // An even number, for pooling.
    let rows =
        rows_at_once([outs, offsets.len()], width).next_multiple_of(2).min(places[0].next_multiple_of(2));
    let apart = (rows * width).next_multiple_of(PAD);
    let piece = piece.room(chains(offsets.len()).min(2) * outs * apart);
    for first in (0..places[0]).step_by(rows) {
        let rows = rows.min(places[0] - first);
        let len = (rows - 1) * width + places[1];
        dispatch(Tiles {
            packed,
            bias: finish.bias,
            relu: finish.relu_of_sums(),
            frame: &frame[first * width..],
            offsets,
            len,
            out: piece,
        });
        leave([first, rows], &mut piece[..outs * apart], apart);
    }
}

/// Whether vectors lie along the channels; the bits are the same.
fn is_by_pixels<E>(sizes: &Convolution, finish: Finish<'_, E>) -> bool {
    let ([_, out], [rows, columns]) = (sizes.part(), sizes.output);
    let [rows, columns] = if finish.max_pool_2x2 { [rows / 2 * 2, columns / 2 * 2] } else { [rows, columns] };
    let run = (rows - 1) * sizes.frame(1).axes[1].len + sizes.output[1];
    is_faster::<E>([out, sizes.inner()], rows * columns, run)
}

/// Whether vectors along `channels` channels of `pixels` pixels are faster than those along a run of `run` elements, with so
/// many terms.
pub(super) fn is_faster<E>([channels, terms]: [usize; 2], pixels: usize, run: usize) -> bool {
    if level() == Level::Avx512 {
        // Measured with 32 registers: what is done once for a vector takes as long as 22 terms, and a vector along the channels
        // without a second one a quarter longer.
        let (vectors, once) = (channels.div_ceil(channels_per_block::<E>()), 22);
        let of_pixel = vectors * (terms + once) + vectors % 2 * terms / 4;
        return of_pixel * pixels < channels * run.div_ceil(channels_per_block::<E>()) * (terms + once);
    }
    let lanes = channels_per_block::<E>() / 2;
    let vectors = channels.div_ceil(lanes);
    // Measured with 16 registers: a vector without a second one takes half as long again, and one along a run a quarter.
    (4 * vectors + 2 * (vectors % 2)) * pixels < 5 * channels * run.div_ceil(lanes)
}

/// y = w * x, finished.
pub(super) fn convolve<E: SimdFloat>(
    x: &[E],
    w: &[E],
    finish: Finish<'_, E>,
    sizes: &Convolution,
    y: &mut [E],
) {
    let run = if is_by_pixels(sizes, finish) { by_pixels } else { by_rows };
    run(x, w, finish, sizes, y);
}

/// [`convolve`] with vectors along the rows.
pub(super) fn by_rows<E: SimdFloat>(
    x: &[E],
    w: &[E],
    finish: Finish<'_, E>,
    sizes: &Convolution,
    y: &mut [E],
) {
    let (inner, size, per_row) = (sizes.inner(), sizes.finished(finish), finish.per_row());
    let [out, slices] = sizes.slices(tile::WIDTHS[0]);
    let bands = sizes.bands(out, size[0]);
    let of_frame = (sizes.rows_of_frame::<E>(1, 2) / per_row).min(size[0].div_ceil(bands));
    let frame = sizes.frame_of_rows(1, of_frame * per_row);
    let (width, columns) = (frame.axes[1].len, size[1]);
    let offsets = sizes.offsets(&frame);
    if sizes.part()[1] == 1 && of_frame == size[0] && one_channel::takes(out, inner) && !finish.max_pool_2x2 {
        // Several frames at a time: what was just written can be read only some time later, in other vectors.
        let of_frame = frame.len() + PAD;
        let at_once = (FRAMES / of_frame).clamp(1, slices);
        let run = |first: usize, count: usize, x: &[E], frames: &mut List<E>, y: &mut [E]| {
            frames.resize(count * of_frame, E::ZERO);
            for (frames, x) in frames.chunks_exact_mut(of_frame).zip(x.chunks_exact(x.len() / count)) {
                frame.enter_rows(x, 0, (0, false), frames);
            }
            one_channel::sum((w, finish, first), (frames, of_frame, width), &offsets, size, y);
        };
        return in_slices(x, sizes, size, ([1, slices, at_once], 1), y, |first, count, _, x, buffers, y| {
            run(first, count, x, &mut buffers.frame, y);
        });
    }
    let packed: List<_> = w.chunks_exact(out * inner).map(|w| Packed::of_channels(out, inner, w)).collect();
    // Some rows of a slice.
    let run = |slice: usize, rows: Range<usize>, x: &[E], buffers: &mut SliceBuffers<E>, y: &mut [E]| {
        let apart = rows.len() * columns;
        let packed = (&packed[slice], finish.of(slice * out..(slice + 1) * out));
        let SliceBuffers { frame: memory, piece } = buffers;
        memory.resize(frame.len() + PAD, E::ZERO);
        for from in rows.clone().step_by(of_frame) {
            frame.enter_rows(x, 0, (from * per_row, of_frame < size[0]), memory);
            let y = &mut y[(from - rows.start) * columns..];
            let read = [of_frame.min(rows.end - from) * per_row, sizes.output[1]];
            if one_channel::takes(out, inner) && !finish.max_pool_2x2 {
                let frame = (&memory[..], memory.len(), width);
                let y = &mut y[..read[0] * read[1]];
                one_channel::sum((packed.0.weights(), packed.1, 0), frame, &offsets, read, y);
                continue;
            }
            // Not in the tiles: those of few terms would take a tenth longer, also where nothing is normalized.
            let rest = packed.1.after_sums();
            sum_rows(packed, (memory, width), &offsets, read, piece, |[first, rows], from, of_channel| {
                if finish.max_pool_2x2 {
                    channels::finish_part(from, 0, of_channel, rest);
                    for (o, from) in from.chunks_exact(of_channel).enumerate() {
                        let to = &mut y[o * apart + first / 2 * columns..][..rows / 2 * columns];
                        pool_2x2::largest_of_rows(from, width, columns, to);
                    }
                } else {
                    let from = (&*from, of_channel, width);
                    channels::leave(from, [rows, columns], rest, (&mut y[first * columns..], apart));
                }
            });
        }
    };
    in_slices(x, sizes, size, ([out, slices, 1], bands), y, |first, _, rows, x, buffers, y| {
        run(first % packed.len(), rows, x, buffers, y);
    });
}

/// [`convolve`] with vectors along the channels.
pub(super) fn by_pixels<E: SimdFloat>(
    x: &[E],
    w: &[E],
    finish: Finish<'_, E>,
    sizes: &Convolution,
    y: &mut [E],
) {
    let (inner, size, per_row) = (sizes.inner(), sizes.finished(finish), finish.per_row());
    let [out, slices] = sizes.slices(channels_per_block::<E>());
    let is_whole = out == sizes.channels[1];
    let images = if is_whole { images_at_once(sizes.batch, inner, sizes.planes()[1]) } else { 1 };
    let at_once = rows_at_once([out, inner], images * size[1]);
    let of_frame = sizes.rows_of_frame::<E>(images, at_once * per_row) / per_row;
    let is_frame = sizes.is_frame() && images == 1 && of_frame >= size[0];
    // A frame is for one band at most.
    let bands = sizes.bands(out, size[0]);
    let of_frame = of_frame.min(size[0].div_ceil(bands));
    let frame = if is_frame { sizes.frame(1) } else { sizes.frame_of_rows(images, of_frame * per_row) };
    let width = frame.axes[1].len;
    let offsets = sizes.offsets(&frame);
    let pack = |i: usize| {
        let w = &w[i * out * inner..][..out * inner];
        PackedWeights::new([out, inner], finish.of(i * out..(i + 1) * out), w)
    };
    let count = sizes.channels[1] / out;
    // The slices of a single image pack their weights themselves, each of which is read by one.
    let packed: List<_> =
        if sizes.batch > 1 || bands > 1 { (0..count).map(pack).collect() } else { List::new() };
    // Some rows of a slice of images.
    let run = |slice: usize,
               images: usize,
               rows: Range<usize>,
               x: &[E],
               buffers: &mut SliceBuffers<E>,
               y: &mut [E]| {
        let SliceBuffers { frame: memory, piece } = buffers;
        let own = if packed.is_empty() { Some(pack(slice)) } else { None };
        let weights = own.as_ref().unwrap_or_else(|| &packed[slice]);
        memory.resize(if is_frame { 0 } else { frame.len() }, E::ZERO);
        let read = [at_once.min(rows.len()) * per_row, sizes.output[1]];
        let piece = piece.room(pixels::scratch::<E>([out, inner], images, read, finish));
        for from in rows.clone().step_by(of_frame) {
            for (i, x) in x.chunks_exact(x.len() / images).enumerate().take(if is_frame { 0 } else { images })
            {
                frame.enter_rows(x, i, (from * per_row, of_frame < size[0]), memory);
            }
            let memory = if is_frame { &x[from * per_row * width..] } else { &memory[..] };
            let end = rows.end.min(from + of_frame);
            for first in (from..end).step_by(at_once) {
                dispatch(Pixels {
                    weights,
                    first_term: 0,
                    frame: &memory[(first - from) * per_row * width..],
                    width,
                    images: [images, frame.plane(), out * size[0] * size[1]],
                    offsets: &offsets,
                    size: [at_once.min(end - first) * per_row, sizes.output[1]],
                    finish,
                    scratch: piece,
                    y: &mut y[(first - rows.start) * size[1]..],
                    apart: rows.len() * size[1],
                });
            }
        }
    };
    in_slices(x, sizes, size, ([out, slices, images], bands), y, |first, images, rows, x, buffers, y| {
        run(first % count, images, rows, x, buffers, y);
    });
}

/// Memory that the slices of a part share.
pub(super) struct SliceBuffers<E> {
    pub(super) frame: List<E>,
    pub(super) piece: Workspace<E>,
}

impl<E: Element> SliceBuffers<E> {
    pub(super) fn new() -> Self {
        SliceBuffers { frame: List::new(), piece: Workspace::new() }
    }
}

/// Cuts y, of `size` rows and columns, into slices of `out` channels, or, if there are several `bands`, into those of rows of one
/// image, and calls `run` for each, or for as many at a time as there are `images`: the first slice, how many there are, the rows, and their parts of x
/// and y.
fn in_slices<E: SimdFloat>(
    x: &[E],
    sizes: &Convolution,
    size: [usize; 2],
    ([out, slices, images], bands): ([usize; 3], usize),
    y: &mut [E],
    run: impl Fn(usize, usize, Range<usize>, &[E], &mut SliceBuffers<E>, &mut [E]) + Sync,
) {
    if bands > 1 {
        return in_bands(y, size, bands, |rows, y| run(0, 1, rows, x, &mut SliceBuffers::new(), y));
    }
    let (of_slice, of_group) = (out * size[0] * size[1], sizes.part()[0] * sizes.planes()[0]);
    let slices = slices.next_multiple_of(images);
    for_each_chunk(y, slices * of_slice, |part, y| {
        let mut buffers = SliceBuffers::new();
        for (i, y) in y.chunks_mut(images * of_slice).enumerate() {
            let (first, count) = (part * slices + i * images, y.len() / of_slice);
            let x = &x[first * out / sizes.part()[1] * of_group..][..count * of_group];
            run(first, count, 0..size[0], x, &mut buffers, y);
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
    let channels = out.div_ceil(bands);
    for_each_chunk(y, channels * rows * columns, |part, y| {
        for (band, from) in written.chunks(out * of * columns).enumerate() {
            let len = from.len() / out;
            let from = from[part * channels * len..].chunks_exact(len);
            for (y, from) in y.chunks_exact_mut(rows * columns).zip(from) {
                y[band * of * columns..][..len].copy_from_slice(from);
            }
        }
    });
}
