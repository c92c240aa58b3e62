//! The gradient of the input: the transposed convolution.
//!
//! dx[i] is the sum of w[k] dy[j] over the taps k and the positions j with j stride + k dilation = i + padding. Along an axis
//! these are, for all i of one remainder of (i + padding) by the stride, the same taps, and j moves with i: a
//! convolution of dy that moves by one. There are as many of them as there are pairs of remainders. Vectors lie along the
//! rows or along the input channels, as in [`forward`](super::forward); the latter skips taps that read zeros above and
//! below dy.

use super::conv::{Convolution, Finish};
use super::forward::{in_bands, is_faster, rows_of_frame, sum_rows};
use super::frame::{Frame, FrameAxis, copy_steps};
use super::one_channel;
use super::packed_weights::{PackedWeights, channels_per_block};
use super::pixels::{self, Pixels};
use super::terms::{chains, images_at_once, rows_at_once};
use super::tile::{PAD, Packed, WIDTHS};
use crate::element::Element;
use crate::kernel::memory::{List, Workspace};
use crate::kernel::simd::{SimdFloat, dispatch};
use crate::kernel::threads::for_each_chunk;
use std::ops::Range;

/// The elements of an axis of the input with one remainder.
struct Phase {
    /// The first of them; the next ones follow by the stride.
    start: usize,
    count: usize,
    /// The taps, and where each reads the gradient for the first element; counted from `before` zeros in front of it.
    taps: List<(usize, usize)>,
}

/// The phases of axis `i`, and its frame.
fn phases(sizes: &Convolution, i: usize) -> (List<Phase>, FrameAxis) {
    let (stride, padding, dilation) = (sizes.stride[i], sizes.padding[i], sizes.dilation[i]);
    // The largest distance by which a tap reads before its place.
    let before = (sizes.kernel[i] - 1) * dilation / stride;
    let mut len = before + sizes.output[i];
    let mut phases = List::new();
    for r in 0..stride {
        let first = padding.saturating_sub(r).div_ceil(stride);
        let start = first * stride + r - padding;
        let count = sizes.input[i].saturating_sub(start).div_ceil(stride);
        let taps = (0..sizes.kernel[i]).filter(|k| k * dilation % stride == r);
        let taps: List<_> = taps.map(|k| (k, first + before - k * dilation / stride)).collect();
        len = taps.iter().map(|(_, at)| at + count).fold(len, usize::max);
        phases.push(Phase { start, count, taps });
    }
    (phases, FrameAxis { input: sizes.output[i], before, stride: 1, len })
}

/// The elements of one remainder of each axis.
struct Pass<'a, E> {
    row: &'a Phase,
    column: &'a Phase,
    /// Tap after tap of the rows: for each output channel the taps of the columns.
    offsets: List<usize>,
    /// For each slice of each group.
    weights: List<Weights<E>>,
}

enum Weights<E> {
    ByRows(Packed<E>),
    ByPixels(PackedWeights<E>),
}

impl<E: SimdFloat> Pass<'_, E> {
    /// The rows from `first` on that read the gradient with the same taps, at most `most`: how many there are, and the
    /// first and the last of their terms. The other taps read zeros.
    fn band(&self, (axis, channels): (&FrameAxis, usize), first: usize, most: usize) -> (usize, [usize; 2]) {
        let inside = |i: usize| {
            let reads =
                |tap: &&(usize, usize)| (axis.before..axis.before + axis.input).contains(&(tap.1 + i));
            let skipped = self.row.taps.iter().take_while(|tap| !reads(tap)).count();
            [skipped, skipped + self.row.taps[skipped..].iter().take_while(reads).count()]
        };
        let taps = inside(first);
        let end = self.row.count.min(first + most);
        let rows = (first..end).take_while(|i| inside(*i) == taps).count();
        let terms = channels * self.column.taps.len();
        // A range that is in the weights, even if there are no taps.
        let taps = if taps[0] == taps[1] { [0, 0] } else { taps };
        (rows, taps.map(|tap| tap * terms))
    }
}

/// Whether vectors lie along the input channels.
fn is_by_pixels<E>(sizes: &Convolution) -> bool {
    let ([part, out], taps) = (sizes.part(), sizes.taps());
    if chains(out * taps) > 1 {
        // Chains end elsewhere where taps are skipped; the bits must not depend on the level.
        return part >= channels_per_block::<E>();
    }
    let [rows, columns] = [0, 1].map(|i| sizes.input[i].div_ceil(sizes.stride[i]));
    let run = rows.saturating_sub(1) * phases(sizes, 1).1.len + columns;
    let terms = out * taps.div_ceil(sizes.stride[0] * sizes.stride[1]);
    // Along the channels, taps that read zeros above and below are skipped: as many rows with all taps take as long.
    let rows = rows.min(rows_of_taps(sizes).div_ceil(sizes.kernel[0]));
    is_faster::<E>([part, terms], rows * columns, run)
}

/// The pairs of a row of the output and a row of the kernel that meet the image.
fn rows_of_taps(sizes: &Convolution) -> usize {
    let (stride, padding) = (sizes.stride[0], sizes.padding[0]);
    let of_tap = |k: usize| {
        let above = padding.saturating_sub(k * sizes.dilation[0]).div_ceil(stride);
        let end = (sizes.input[0] + padding).saturating_sub(k * sizes.dilation[0]).div_ceil(stride);
        end.min(sizes.output[0]).saturating_sub(above)
    };
    (0..sizes.kernel[0]).map(of_tap).sum()
}

/// dx = wᵀ * dy.
pub(super) fn input_gradient<E: SimdFloat>(grad: &[E], w: &[E], sizes: &Convolution, x: &mut [E]) {
    let by_pixels = is_by_pixels::<E>(sizes);
    sum(grad, w, sizes, by_pixels, x);
}

/// [`input_gradient`] with vectors along the input channels, or along the rows.
pub(super) fn sum<E: SimdFloat>(grad: &[E], w: &[E], sizes: &Convolution, by_pixels: bool, x: &mut [E]) {
    let ([part, out], [plane, places], inner) = (sizes.part(), sizes.planes(), sizes.inner());
    let ((rows, row_axis), (columns, column_axis)) = (phases(sizes, 0), phases(sizes, 1));
    let slice = sizes.input_slice(if by_pixels { channels_per_block::<E>() } else { WIDTHS[0] });
    let cuts = part / slice;
    let terms = out * sizes.taps().div_ceil(sizes.stride[0] * sizes.stride[1]);
    let is_whole = slice == sizes.channels[0] && by_pixels;
    let images = if is_whole { images_at_once(sizes.batch, terms, plane) } else { 1 };
    // The rows of a phase, and the others that they read.
    let count = rows.iter().map(|rows| rows.count).max().unwrap_or(0);
    let around = rows.iter().flat_map(|rows| &rows.taps).map(|tap| tap.1).max().unwrap_or(0);
    let at_once = rows_at_once([slice, terms], images * sizes.input[1].div_ceil(sizes.stride[1]));
    let len = out * images * (count + around) * column_axis.len;
    // A frame is for one band at most.
    let bands = sizes.input_bands(slice);
    let of_frame = rows_of_frame::<E>(len, [count, around], at_once).min(count.div_ceil(bands)).max(1);
    let part_of_axis = FrameAxis { len: of_frame + around, ..row_axis.clone() };
    let frame = Frame::new([part_of_axis, column_axis], out, images);
    let mut passes = List::new();
    for row in &rows {
        for column in &columns {
            if row.count * column.count * row.taps.len() * column.taps.len() == 0 {
                continue;
            }
            let mut offsets = List::new();
            let mut places_of_weights = List::new();
            for (k, top) in &row.taps {
                for o in 0..out {
                    for (l, left) in &column.taps {
                        offsets.push(frame.offset(o, [0, 0], [*top, *left]));
                        places_of_weights.push(o * inner + k * sizes.kernel[1] + l);
                    }
                }
            }
            let pack = |w: &[E]| {
                let weight = |c: usize, k: usize| w[places_of_weights[k] + c * sizes.taps()];
                if !by_pixels {
                    return Weights::ByRows(Packed::new(slice, offsets.len(), weight));
                }
                Weights::ByPixels(PackedWeights::of_taps(slice, sizes.taps(), &places_of_weights, w))
            };
            let groups = w.chunks_exact(out * inner);
            let slices = groups.flat_map(|w| (0..cuts).map(move |i| &w[i * slice * sizes.taps()..]));
            let weights: List<_> = slices.map(pack).collect();
            passes.push(Pass { row, column, offsets, weights });
        }
    }
    if passes.len() < sizes.stride[0] * sizes.stride[1] {
        // Elements that no window reads.
        x.fill(E::ZERO);
    }
    let width = frame.axes[1].len;
    // Some rows of a slice of images in one pass, from a frame whose first row is `from`.
    let run = |pass: &Pass<E>,
               weights: usize,
               rows: Range<usize>,
               from: usize,
               buffers: &mut PassBuffers<E>,
               x: &mut Rows<E>| {
        // The rows of the piece are `width` apart.
        let leave = |x: &mut Rows<E>, c: usize, first: usize, rows: usize, piece: &[E], width: usize| {
            let apart = sizes.stride[0] * sizes.input[1];
            let start = c * x.apart + pass.row.start * sizes.input[1] + pass.column.start + first * apart;
            let x = &mut x.x[start - x.above * sizes.input[1]..];
            copy_steps([rows, pass.column.count], (piece, 1, width), (x, sizes.stride[1], apart));
        };
        let PassBuffers { frame: memory, piece, scratch } = buffers;
        match &pass.weights[weights] {
            Weights::ByRows(packed)
                if sizes.stride == [1, 1] && one_channel::takes(packed.outs(), pass.offsets.len()) =>
            {
                let first = (pass.row.start + rows.start - x.above) * sizes.input[1] + pass.column.start;
                let (frame, size) = (&memory[(rows.start - from) * width..], [rows.len(), pass.column.count]);
                let x = &mut x.x[first..][..size[0] * size[1]];
                let weights = (packed.weights(), Finish::default(), 0);
                one_channel::sum(weights, (frame, frame.len(), width), &pass.offsets, size, x);
            }
            Weights::ByRows(packed) => sum_rows(
                (packed, Finish::default()),
                (&memory[(rows.start - from) * width..], width),
                &pass.offsets,
                [rows.len(), pass.column.count],
                piece,
                |[first, count], piece, apart| {
                    for (c, piece) in piece.chunks_exact(apart).enumerate() {
                        leave(x, c, rows.start + first, count, piece, width);
                    }
                },
            ),
            Weights::ByPixels(weights) => {
                let (columns, of) = (pass.column.count, [slice, pass.offsets.len()]);
                let most = at_once.min(rows.len());
                let scratch =
                    scratch.room(pixels::scratch::<E>(of, x.images, [most, columns], Finish::default()));
                let mut first = rows.start;
                while first < rows.end {
                    let (count, terms) = pass.band((&row_axis, out), first, most.min(rows.end - first));
                    let is_whole = sizes.stride == [1, 1];
                    let of_image = if is_whole { slice * plane } else { slice * count * columns };
                    let piece = piece.room(if is_whole { 0 } else { x.images * of_image });
                    let (y, apart) = if is_whole {
                        (&mut x.x[(first - x.above) * columns..], x.apart)
                    } else {
                        (&mut piece[..], count * columns)
                    };
                    dispatch(Pixels {
                        weights,
                        first_term: terms[0],
                        frame: &memory[(first - from) * width..],
                        width,
                        images: [x.images, frame.plane(), of_image],
                        offsets: &pass.offsets[terms[0]..terms[1]],
                        size: [count, columns],
                        finish: Finish::default(),
                        scratch,
                        y,
                        apart,
                    });
                    // The channels of all images are equally far apart.
                    for c in 0..if is_whole { 0 } else { x.images * slice } {
                        leave(x, c, first, count, &piece[c * apart..], columns);
                    }
                    first += count;
                }
            }
        }
    };
    // Some rows of a slice of images.
    let all_passes =
        |weights: usize, rows: Range<usize>, grad: &[E], buffers: &mut PassBuffers<E>, x: &mut Rows<E>| {
            buffers.frame.resize(frame.len() + PAD, E::ZERO);
            for from in rows.clone().step_by(of_frame) {
                for (i, grad) in grad.chunks_exact(out * places).enumerate() {
                    frame.enter_rows(grad, i, (from, of_frame < count), &mut buffers.frame);
                }
                for pass in &passes {
                    let rows = from..rows.end.min(from + of_frame).min(pass.row.count);
                    if !rows.is_empty() {
                        run(pass, weights, rows, from, buffers, x);
                    }
                }
            }
        };
    if bands > 1 {
        return in_bands(x, sizes.input, bands, |rows, x| {
            let (above, apart) = (rows.start, rows.len() * sizes.input[1]);
            all_passes(0, rows, grad, &mut PassBuffers::new(), &mut Rows { x, images: 1, above, apart });
        });
    }
    // A slice alone is worth a part of the work if a group has several.
    let slices = if cuts == 1 { sizes.images_per_thread() * sizes.groups } else { 1 };
    let slices = slices.next_multiple_of(images);
    for_each_chunk(x, slices * slice * plane, |chunk, x| {
        let mut buffers = PassBuffers::new();
        for (i, x) in x.chunks_mut(images * slice * plane).enumerate() {
            let (first, images) = (chunk * slices + i * images, x.len() / (slice * plane));
            let (group, cut) = (first / cuts, first % cuts);
            let grad = &grad[group * out * places..][..images * out * places];
            let weights = group % sizes.groups * cuts + cut;
            all_passes(
                weights,
                0..count,
                grad,
                &mut buffers,
                &mut Rows { x, images, above: 0, apart: plane },
            );
        }
    });
}

/// Memory between the gradient, a sum and the input.
struct PassBuffers<E> {
    frame: List<E>,
    piece: Workspace<E>,
    scratch: Workspace<E>,
}

impl<E: Element> PassBuffers<E> {
    fn new() -> Self {
        PassBuffers { frame: List::new(), piece: Workspace::new(), scratch: Workspace::new() }
    }
}

/// Some rows of the gradient of the input, for some images.
struct Rows<'x, E> {
    x: &'x mut [E],
    images: usize,
    /// The rows of the image before them.
    above: usize,
    /// How far apart the channels are.
    apart: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One image is cut into slices, and each of many is not: bit-identical.
    #[test]
    fn the_gradient_of_one_image_is_that_of_one_of_many() {
        for (stride, output, by_pixels) in [(1, 20, true), (1, 20, false), (2, 10, true), (2, 10, false)] {
            let sizes = |batch: usize| Convolution {
                batch,
                channels: [64, 96],
                groups: 1,
                input: [20, 20],
                output: [output, output],
                kernel: [3, 3],
                stride: [stride, stride],
                padding: [1, 1],
                dilation: [1, 1],
            };
            let number = |i: usize| ((i * 37) % 101) as f32 / 50.0 - 1.0;
            let w: Vec<f32> = (0..96 * 64 * 9).map(number).collect();
            let grad: Vec<f32> = (0..8 * 96 * output * output).map(number).collect();
            let (one, many) = (sizes(1), sizes(8));
            let is_cut = one.input_slice(16) < 64 || !crate::kernel::threads::are_several();
            assert!(is_cut && many.input_slice(16) == 64);
            let (mut x, mut all) = (vec![7.0; 64 * 400], vec![7.0; 8 * 64 * 400]);
            sum(&grad, &w, &many, by_pixels, &mut all);
            for (i, all) in all.chunks_exact(64 * 400).enumerate() {
                sum(&grad[i * 96 * output * output..][..96 * output * output], &w, &one, by_pixels, &mut x);
                assert_eq!(x, all);
            }
        }
    }
}
