//! The gradient of a weight with vectors along the output channels: w[k, o] += Σ_q frame[offset(k) + q] grad[q, o].
//!
//! The gradient is transposed, so that the channels of a pixel are next to each other; an element of the frame is broadcast
//! and meets all of them. A tile of KT terms and NV vectors stays in registers while q runs over the pixels of a few images,
//! at most [`CHAIN`] of them, and is then added to memory. Unlike in
//! [`weight_gradient_along_rows`](super::weight_gradient_along_rows) nothing lies between the rows, and no vector is summed
//! over its lanes. Floor: NV multiply-adds for a broadcast.

use super::conv::Convolution;
use super::frame::Frame;
use super::packed_weights::channels_per_block;
use super::transpose::{Turn, transpose};
use super::weight_gradient::{in_parts, in_slices};
use crate::kernel::axis::long_sums::{FEW, LongSums};
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch};
use crate::kernel::threads::{self, for_each_chunk};
use std::ops::Range;

/// The most pixels that are summed in one chain.
const CHAIN: usize = 256;

/// How the pixels of some images are cut into chains: into so many rows, and those into pieces of [`CHAIN`] columns.
#[derive(Clone, Copy)]
struct Chains {
    rows: usize,
    pieces: usize,
    count: usize,
}

impl Chains {
    fn new([rows, columns]: [usize; 2], images: usize) -> Self {
        let of = if images > 1 { rows } else { (CHAIN / columns).clamp(1, rows) };
        // Pieces of a row only where there is one image, of which a row is longer than a chain.
        let pieces = columns.div_ceil(CHAIN);
        Chains { rows: of, pieces, count: rows.div_ceil(of) * pieces }
    }

    /// The rows and the columns of a chain.
    #[inline(always)]
    fn at(self, chain: usize, [rows, columns]: [usize; 2]) -> [[usize; 2]; 2] {
        let (row, column) = (chain / self.pieces * self.rows, chain % self.pieces * CHAIN);
        [[row, rows.min(row + self.rows)], [column, columns.min(column + CHAIN)]]
    }
}

/// The steps that the transposition of a pixel costs.
const TRANSPOSE: usize = 8;

/// Whether this way is the faster one; a matter of the sizes alone, since both sum in another order.
pub(super) fn is_better<E>(sizes: &Convolution) -> bool {
    let ([_, out], places, inner) = (sizes.part(), sizes.planes()[1], sizes.inner());
    let lanes = channels_per_block::<E>();
    let plane = sizes.frame(1).plane();
    // Measured: loads, sums over lanes, and the copies of the gradient.
    let along_rows = out * (inner * (plane + 4 * lanes) * 5 / 3 + 4 * plane).div_ceil(lanes);
    out.div_ceil(lanes) * places * (inner + TRANSPOSE) < along_rows
}

/// The output channels of a part are a multiple of this, if they are split and not the images.
const CHANNELS: usize = 32;

/// dw = Σ dy x over the images.
pub(super) fn weight_gradient<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution, w: &mut [E]) {
    let (all, inner) = ([0, sizes.part()[1]], sizes.inner());
    if sizes.groups == 1 && sizes.channels[1] >= 2 * CHANNELS {
        // Each part has channels of its own, so that there is nothing to add up.
        let parts = if threads::are_several() { 2 * threads::num_threads() } else { 1 };
        let channels = sizes.channels[1].div_ceil(parts).next_multiple_of(CHANNELS);
        for_each_chunk(w, channels * inner, |part, w| {
            sum(x, grad, sizes, [part * channels, w.len() / inner], 0..inner, w);
        });
    } else if sizes.groups == 1
        && sizes.channels[1] < 2 * channels_per_block::<E>()
        && sizes.weight_slices() > 1
        && inner >= 2 * FEWEST
    {
        in_terms(sizes, w, |terms, w| sum(x, grad, sizes, all, terms, w));
    } else {
        in_parts(x, grad, sizes, w, |x, grad, sizes, w| {
            in_slices(
                x,
                grad,
                sizes,
                w,
                (sizes.weight_slices(), channels_per_block::<E>()),
                |x, grad, sizes, w| {
                    sum(x, grad, sizes, [0, sizes.part()[1]], 0..inner, w);
                },
            );
        });
    }
}

/// The terms of the largest tile.
const TERMS: usize = 12;

/// The fewest terms for which a slice of them transposes the gradient once more.
const FEWEST: usize = 48;

/// `sum(terms, w)` for slices of the terms, which is for few channels of one image. A term has sums of its own.
fn in_terms<E: SimdFloat>(sizes: &Convolution, w: &mut [E], sum: impl Fn(Range<usize>, &mut [E]) + Sync) {
    let (inner, out) = (sizes.inner(), sizes.channels[1]);
    let count = sizes.weight_slices().min(inner / FEWEST);
    let of = inner.div_ceil(count).next_multiple_of(TERMS);
    let mut slices = List::filled(w.len(), E::ZERO);
    for_each_chunk(&mut slices, of * out, |i, slice| sum(i * of..i * of + slice.len() / out, slice));
    for (i, slice) in slices.chunks(of * out).enumerate() {
        let terms = slice.len() / out;
        for (row, w) in slice.chunks_exact(terms).zip(w.chunks_exact_mut(inner)) {
            w[i * of..][..terms].copy_from_slice(row);
        }
    }
}

/// The gradient of these images for `count` output channels of each group from `from`, and some terms.
fn sum<E: SimdFloat>(
    x: &[E],
    grad: &[E],
    sizes: &Convolution,
    [from, count]: [usize; 2],
    terms: Range<usize>,
    w: &mut [E],
) {
    let ([part, out], [plane, places], inner) = (sizes.part(), sizes.planes(), terms.len());
    let batch = grad.len() / (sizes.channels[1] * places);
    let images = (CHAIN / places).clamp(1, batch);
    let [rows, columns] = sizes.output;
    let chain = Chains::new(sizes.output, images).rows;
    let of_frame = if images > 1 { rows } else { sizes.rows_of_frame::<E>(1, chain) };
    let is_frame = sizes.is_frame() && images == 1 && of_frame == rows;
    let frame = sizes.frame_of_rows(images, of_frame);
    let offsets = &sizes.offsets(&frame)[terms];
    let mut memory = List::filled(if is_frame { 0 } else { frame.len() }, E::ZERO);
    let block = channels_per_block::<E>();
    let padded = count.next_multiple_of(block);
    let mut turned = List::filled(images * of_frame * columns * padded, E::ZERO);
    // As many terms as a square has rows.
    let of_group = inner.max(block) * padded;
    let mut sums = List::filled(sizes.groups * of_group, E::ZERO);
    let mut long: List<_> = sums.chunks_exact_mut(of_group).map(LongSums::new).collect();
    let bands = rows.div_ceil(of_frame);
    for (first, band) in (0..batch).step_by(images).flat_map(|i| (0..bands).map(move |band| (i, band))) {
        let (now, above) = (images.min(batch - first), band * of_frame);
        let size = [of_frame.min(rows - above), columns];
        let chains = Chains::new(size, images);
        for (g, sums) in long.iter_mut().enumerate() {
            for i in 0..now {
                let at = (first + i) * sizes.groups + g;
                if !is_frame {
                    frame.enter_rows(
                        &x[at * part * plane..][..part * plane],
                        i,
                        (above, of_frame < rows),
                        &mut memory,
                    );
                }
                let from = &grad[(at * out + from) * places + above * columns..];
                let to = &mut turned[i * of_frame * columns * block..];
                dispatch(Turn {
                    from: &from[..(count - 1) * places + size[0] * columns],
                    from_apart: places,
                    places: size[0] * columns,
                    to,
                    apart: images * of_frame * columns,
                });
            }
            let memory = if is_frame {
                &x[(first * sizes.groups + g) * part * plane..][..part * plane]
            } else {
                &memory
            };
            for from in (0..chains.count).step_by(FEW) {
                let range = [from, chains.count.min(from + FEW)];
                let sums = sums.more(range[1] - from);
                dispatch(PixelDots {
                    turned: &turned,
                    memory,
                    frame: &frame,
                    offsets,
                    images: now,
                    size,
                    apart: of_frame,
                    chains,
                    range,
                    outs: count,
                    sums,
                });
            }
        }
    }
    long.into_iter().for_each(LongSums::finish);
    for (sums, w) in sums.chunks_exact(of_group).zip(w.chunks_exact_mut(count * inner)) {
        dispatch(Back { sums, inner, w });
    }
}

/// Transposes the sums of a group.
struct Back<'a, E> {
    /// [block of the channels, terms, channels of the block].
    sums: &'a [E],
    inner: usize,
    /// [channels, terms].
    w: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Back<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Back { sums, inner, w } = self;
        let (block, lanes) = (channels_per_block::<E>(), E::V::<S>::LANES);
        for (o, w) in w.chunks_mut(lanes * inner).enumerate() {
            let (b, first) = (o * lanes / block, o * lanes % block);
            let columns = w.len() / inner;
            let from = &sums[b * inner.max(block) * block + first..];
            transpose::<S, E>(from, block, [inner, columns], w, inner);
        }
    }
}

/// The sums over some images.
struct PixelDots<'a, E> {
    turned: &'a [E],
    memory: &'a [E],
    frame: &'a Frame,
    offsets: &'a [usize],
    images: usize,
    /// The rows and columns of each.
    size: [usize; 2],
    /// How many rows of `turned` an image has.
    apart: usize,
    chains: Chains,
    /// The chains that are summed.
    range: [usize; 2],
    /// The number of channels.
    outs: usize,
    /// [block of the channels, terms, channels of the block].
    sums: &'a mut [E],
}

impl<E: SimdFloat> Kernel for PixelDots<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let PixelDots { turned, memory, frame, offsets, images, size, apart, chains, range, outs, sums } =
            self;
        let ([rows, columns], terms) = (size, offsets.len());
        let (block, lanes) = (channels_per_block::<E>(), E::V::<S>::LANES);
        let (plane, width) = (frame.plane(), frame.axes[1].len);
        let last = offsets.iter().copied().max().unwrap_or(0);
        assert!(images > 0 && images <= frame.images && (1..=apart).contains(&rows) && columns > 0);
        assert!(last + (images - 1) * plane + (rows - 1) * width + columns <= memory.len());
        let (of_turned, of_sums) = (frame.images * apart * columns * block, terms.max(block) * block);
        let count = outs.div_ceil(block);
        assert!(range[1] <= chains.count);
        assert!(turned.len() == count * of_turned && sums.len() == count * of_sums);
        let mut b = 0;
        while b < count {
            let (g, out) = (&turned[b * of_turned..], &mut sums[b * of_sums..]);
            for chain in range[0]..range[1] {
                let pixels = chains.at(chain, size);
                let run = Run { memory, offsets, images, plane, width, pixels, apart, columns };
                if lanes == block && b + 1 < count {
                    run.all::<S, 2, TERMS>((g, of_turned), (out, of_sums));
                } else if lanes == block {
                    run.all::<S, 1, TERMS>((g, 0), (out, 0));
                } else {
                    // The vectors that have channels.
                    let channels = block.min(outs - b * block);
                    for half in (0..channels).step_by(2 * lanes) {
                        if half + lanes < channels {
                            run.all::<S, 2, 6>((&g[half..], lanes), (&mut out[half..], lanes));
                        } else {
                            run.all::<S, 1, TERMS>((&g[half..], 0), (&mut out[half..], 0));
                        }
                    }
                }
            }
            b += if lanes == block { 2 } else { 1 };
        }
    }
}

/// Some rows and columns of some images.
struct Run<'a, E> {
    memory: &'a [E],
    offsets: &'a [usize],
    images: usize,
    plane: usize,
    width: usize,
    pixels: [[usize; 2]; 2],
    /// The rows of an image in the gradient, and their length.
    apart: usize,
    columns: usize,
}

impl<E: SimdFloat> Run<'_, E> {
    /// NV vectors of channels; beside the gradients and the sums is how far apart their vectors are.
    #[inline(always)]
    fn all<S: Simd, const NV: usize, const KT: usize>(&self, g: (&[E], usize), out: (&mut [E], usize)) {
        let (terms, block, lanes) = (self.offsets.len(), channels_per_block::<E>(), E::V::<S>::LANES);
        let pixels = self.images * self.apart * self.columns;
        assert!(g.0.len() >= (NV - 1) * g.1 + (pixels - 1) * block + lanes);
        let mut k = 0;
        while k + KT <= terms {
            self.tile::<S, NV, KT>(k, g, (&mut out.0[k * block..], out.1));
            k += KT;
        }
        while KT > 6 && k + 6 <= terms {
            self.tile::<S, NV, 6>(k, g, (&mut out.0[k * block..], out.1));
            k += 6;
        }
        while k + 3 <= terms {
            self.tile::<S, NV, 3>(k, g, (&mut out.0[k * block..], out.1));
            k += 3;
        }
        while k < terms {
            self.tile::<S, NV, 1>(k, g, (&mut out.0[k * block..], out.1));
            k += 1;
        }
    }

    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<S: Simd, const NV: usize, const KT: usize>(
        &self,
        k: usize,
        (g, g_apart): (&[E], usize),
        (out, out_apart): (&mut [E], usize),
    ) {
        let block = channels_per_block::<E>();
        let [rows, columns] = [self.apart, self.columns];
        let mut offsets = [0; KT];
        offsets.copy_from_slice(&self.offsets[k..][..KT]);
        let mut sums = [[E::V::<S>::zero(); NV]; KT];
        let [of_rows, [first, end]] = self.pixels;
        for image in 0..self.images {
            for i in of_rows[0]..of_rows[1] {
                let at = image * self.plane + i * self.width + first;
                let mut pixel = self.memory.as_ptr().wrapping_add(at);
                let mut from = g.as_ptr().wrapping_add(((image * rows + i) * columns + first) * block);
                for _ in first..end {
                    let mut grad = [E::V::<S>::zero(); NV];
                    for v in 0..NV {
                        // SAFETY: this is pixel (image, i, j) of images * rows * columns, and `all` asserted that the
                        // vectors of each of them are in `g`.
                        grad[v] = unsafe { E::V::<S>::load_ptr(from.wrapping_add(v * g_apart)) };
                    }
                    for t in 0..KT {
                        // SAFETY: `PixelDots::run` asserted that the largest offset plus image * plane + i * width + j is
                        // less than the length of the frame.
                        let x = E::V::<S>::splat(unsafe { *pixel.wrapping_add(offsets[t]) });
                        for v in 0..NV {
                            sums[t][v] = x.mul_add(grad[v], sums[t][v]);
                        }
                    }
                    pixel = pixel.wrapping_add(1);
                    from = from.wrapping_add(block);
                }
            }
        }
        // A pointer: with indices that are checked rustc keeps the sums in memory from row to row.
        let out = out[..(KT - 1) * block + (NV - 1) * out_apart + E::V::<S>::LANES].as_mut_ptr();
        for t in 0..KT {
            for v in 0..NV {
                let to = out.wrapping_add(t * block + v * out_apart);
                // SAFETY: the last of these vectors ends with the slice.
                unsafe { (E::V::<S>::load_ptr(to) + sums[t][v]).store_ptr(to) };
            }
        }
    }
}
