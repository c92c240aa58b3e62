//! The sums of a convolution with vectors along the output channels: y[q, o] = bias[o] + Σₖ frame[offset(k) + q] w[k, o].
//!
//! A pixel of the frame is broadcast and meets the weights of all channels, so that rows of any width are computed without
//! waste; the other way round, [`tile`](super::tile) wastes what lies between the rows of the output, and takes any number
//! of channels. Both sum the same [`chains`] over k, so they are bit-identical. Floor: NV multiply-adds for a
//! broadcast and NV loads that serve all pixels of a tile, 12 of them at 512 bits.
//!
//! The result of a tile has the channels of a pixel next to each other. They are normalized, and ReLU is applied, on the way
//! to memory, and of 2 x 2 pixels the largest is kept if pooling follows; blocks are transposed when a few rows are complete.

use super::conv::Finish;
use super::packed_weights::{PackedWeights, channels_per_block};
use super::terms::{Terms, WEIGHTS, chains, has_several};
use super::tile::relu;
use super::transpose::transpose;
use crate::kernel::simd::{Kernel, Level, Mask, Simd, SimdFloat, Vector};

/// The elements of the scratch memory of [`Pixels`], for so many channels and terms, so many images, and so many rows and
/// columns before pooling: [block of the channels, image, pixel, channel], the sums of the first chain of terms, to which the
/// others are added, and those of the present one.
pub(super) fn scratch<E>(
    [outs, terms]: [usize; 2],
    images: usize,
    [rows, columns]: [usize; 2],
    finish: Finish<'_, E>,
) -> usize {
    let is_pooled = finish.max_pool_2x2 && !has_several(terms);
    let pixels = if is_pooled { rows / 2 * (columns / 2) } else { rows * columns };
    outs.next_multiple_of(channels_per_block::<E>())
        * images
        * pixels.max(channels_per_block::<E>())
        * chains(terms).min(2)
}

/// One run over some rows of the output of some images.
pub(super) struct Pixels<'a, E> {
    pub(super) weights: &'a PackedWeights<E>,
    pub(super) frame: &'a [E],
    /// How far apart the rows of the frame are.
    pub(super) width: usize,
    /// How many images there are, how far apart they are in the frame, and how far apart in `y`.
    pub(super) images: [usize; 3],
    /// The first of the terms that are summed.
    pub(super) first_term: usize,
    /// Where each of them begins in the frame.
    pub(super) offsets: &'a [usize],
    /// Rows and columns before pooling.
    pub(super) size: [usize; 2],
    /// The numbers of channels are in `weights`, as they are read.
    pub(super) finish: Finish<'a, E>,
    /// At least as large as [`scratch`] says.
    pub(super) scratch: &'a mut [E],
    /// [channel, ..], from the first pixel on.
    pub(super) y: &'a mut [E],
    /// How far apart the channels of `y` are.
    pub(super) apart: usize,
}

impl<E: SimdFloat> Kernel for Pixels<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Pixels {
            weights: packed,
            first_term,
            frame,
            width,
            images: [images, plane, of_image],
            offsets,
            size: [rows, columns],
            finish,
            scratch,
            y,
            apart,
        } = self;
        let (block, lanes) = (channels_per_block::<E>(), E::V::<S>::LANES);
        let [rows, columns] =
            if finish.max_pool_2x2 { [rows / 2 * 2, columns / 2 * 2] } else { [rows, columns] };
        let pixels = if finish.max_pool_2x2 { rows / 2 * (columns / 2) } else { rows * columns };
        if images * pixels == 0 || packed.outs == 0 {
            return;
        }
        let last = offsets.iter().copied().max().unwrap_or(0) + (images - 1) * plane;
        assert!(
            first_term + offsets.len() <= packed.terms && last + (rows - 1) * width + columns <= frame.len()
        );
        let count = packed.outs.div_ceil(block);
        assert!(packed.weights.len() == count * block * packed.terms && packed.first.len() == count * block);
        let two = lanes == block && count > 1;
        let most = WEIGHTS / if two { 2 } else { 1 };
        // Sums before pooling are in memory if there are several blocks of terms.
        let sums = if offsets.len() > most { rows * columns } else { pixels };
        // A square of the transposition reads as many pixels as a block has channels.
        let of_block = images * sums.max(block) * block;
        assert!(scratch.len() >= chains(offsets.len()).min(2) * count * of_block);
        for terms in Terms::all(offsets.len(), most) {
            let run = Run {
                frame,
                width,
                images: [images, plane],
                offsets: &offsets[terms.from..terms.to],
                size: [rows, columns],
                finish: if terms.is_end { finish } else { Finish::default() },
                first: &packed.first,
                normalization: match &packed.normalization {
                    Some([means, gains, biases]) if terms.is_end => Some([means, gains, biases]),
                    _ => None,
                },
                pairs: finish.max_pool_2x2,
                chain: if terms.chain > 0 { count * of_block } else { 0 },
                terms: &terms,
            };
            let mut b = 0;
            while b < count {
                let w = &packed.weights[(b * packed.terms + first_term + terms.from) * block..];
                let out = &mut scratch[b * of_block..];
                if lanes == block {
                    if b + 1 < count {
                        run.all::<S, 2>(w, block * packed.terms, b * block, out, of_block);
                        b += 2;
                    } else {
                        run.all::<S, 1>(w, 0, b * block, out, 0);
                        b += 1;
                    }
                } else {
                    // The vectors that have channels.
                    let channels = block.min(packed.outs - b * block);
                    for half in (0..channels).step_by(2 * lanes) {
                        let (w, first, out) = (&w[half..], b * block + half, &mut out[half..]);
                        if half + lanes < channels {
                            run.all::<S, 2>(w, lanes, first, out, lanes);
                        } else {
                            run.all::<S, 1>(w, 0, first, out, 0);
                        }
                    }
                    b += 1;
                }
            }
        }
        for (b, from) in scratch.chunks_exact(of_block).take(count).enumerate() {
            let channels = block.min(packed.outs - b * block);
            for (image, first) in (0..images).flat_map(|i| (0..channels).step_by(lanes).map(move |c| (i, c)))
            {
                let y = &mut y[image * of_image + (b * block + first) * apart..];
                let from = &from[image * pixels * block + first..];
                transpose::<S, E>(from, block, [pixels, lanes.min(channels - first)], y, apart);
            }
        }
    }
}

/// Some terms of a run over all pixels.
struct Run<'a, E> {
    frame: &'a [E],
    width: usize,
    /// How many there are, and how far apart.
    images: [usize; 2],
    offsets: &'a [usize],
    size: [usize; 2],
    finish: Finish<'a, E>,
    /// Of all channels, as `weights` has them.
    first: &'a [E],
    normalization: Option<[&'a [E]; 3]>,
    /// Whether tiles have pairs of rows and of columns, which are pooled in the end.
    pairs: bool,
    /// Where the sums of the chain of these terms are, from those of the first one on.
    chain: usize,
    terms: &'a Terms,
}

impl<E: SimdFloat> Run<'_, E> {
    /// NV vectors of channels from `first` on, whose weights, and whose outputs, are so far apart.
    #[inline(always)]
    fn all<S: Simd, const NV: usize>(
        &self,
        w: &[E],
        w_apart: usize,
        first: usize,
        out: &mut [E],
        out_apart: usize,
    ) {
        let [rows, columns] = self.size;
        let (block, lanes) = (channels_per_block::<E>(), E::V::<S>::LANES);
        let next = (NV - 1) * w_apart;
        assert!(self.offsets.is_empty() || w.len() >= next + (self.offsets.len() - 1) * block + lanes);
        let first_apart = if w_apart == lanes { lanes } else { block };
        let mut begin = [E::V::<S>::zero(); NV];
        let mut numbers = [[E::V::<S>::zero(); NV]; 3];
        for v in 0..NV {
            let at = first + v * first_apart;
            if self.terms.chain == 0 {
                begin[v] = E::V::<S>::load(&self.first[at..]);
            }
            if let Some(of_all) = self.normalization {
                for i in 0..3 {
                    numbers[i][v] = E::V::<S>::load(&of_all[i][at..]);
                }
            }
        }
        let tile = Tile { run: self, w, w_apart, begin, numbers, out_apart };
        // As many sums as registers: two rows of tiles at 512 bits, or where they are pooled.
        let wide = S::LEVEL == Level::Avx512;
        let most = match (wide, NV) {
            (false, _) if self.pairs => 4 / NV,
            (_, 1) => 8,
            _ => 6,
        };
        let unit = if self.pairs { 2 } else { 1 };
        let count = columns.div_ceil(most);
        for image in 0..self.images[0] {
            let mut i = 0;
            while i < rows {
                let two = i + 2 <= rows && (wide || self.pairs);
                // Tiles of nearly one width: a narrow one waits for its sums.
                let mut j = 0;
                for t in 0..count {
                    let end = columns / unit * (t + 1) / count * unit;
                    if two {
                        tile.two([image, i, j], end, out);
                    } else {
                        tile.one([image, i, j], end, out);
                    }
                    j = end;
                }
                i += if two { 2 } else { 1 };
            }
        }
    }
}

struct Tile<'a, E: SimdFloat, S: Simd, const NV: usize> {
    run: &'a Run<'a, E>,
    w: &'a [E],
    w_apart: usize,
    begin: [E::V<S>; NV],
    /// The mean, the gain and the bias of a normalization.
    numbers: [[E::V<S>; NV]; 3],
    out_apart: usize,
}

impl<E: SimdFloat, S: Simd, const NV: usize> Tile<'_, E, S, NV> {
    /// A tile of two rows of an image, from `start` (image, row, column) to a column.
    #[inline(always)]
    fn two(&self, start: [usize; 3], to: usize, out: &mut [E]) {
        let wide = S::LEVEL == Level::Avx512;
        match to - start[2] {
            0 => {}
            1 if wide => self.tile::<2, 1>(start, out),
            2 => self.tile::<2, 2>(start, out),
            3 if wide => self.tile::<2, 3>(start, out),
            4 if wide || NV == 1 => self.tile::<2, 4>(start, out),
            5 if wide => self.tile::<2, 5>(start, out),
            6 if wide => self.tile::<2, 6>(start, out),
            7 if wide && NV == 1 => self.tile::<2, 7>(start, out),
            8 if wide && NV == 1 => self.tile::<2, 8>(start, out),
            _ => unreachable!("a tile of at most as many columns"),
        }
    }

    /// A tile of one row.
    #[inline(always)]
    fn one(&self, start: [usize; 3], to: usize, out: &mut [E]) {
        match to - start[2] {
            0 => {}
            1 => self.tile::<1, 1>(start, out),
            2 => self.tile::<1, 2>(start, out),
            3 => self.tile::<1, 3>(start, out),
            4 => self.tile::<1, 4>(start, out),
            5 => self.tile::<1, 5>(start, out),
            6 => self.tile::<1, 6>(start, out),
            7 if NV == 1 => self.tile::<1, 7>(start, out),
            8 if NV == 1 => self.tile::<1, 8>(start, out),
            _ => unreachable!("a tile of at most as many columns"),
        }
    }

    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<const PR: usize, const PC: usize>(&self, [image, i, j]: [usize; 3], out: &mut [E]) {
        let (run, block) = (self.run, channels_per_block::<E>());
        let [rows, columns] = run.size;
        debug_assert!(image < run.images[0] && i + PR <= rows && j + PC <= columns);
        let at = ((image * rows + i) * columns + j) * block;
        let len = ((PR - 1) * columns + PC - 1) * block + (NV - 1) * self.out_apart + E::V::<S>::LANES;
        let mut sums = [[[E::V::<S>::zero(); NV]; PC]; PR];
        for r in 0..PR {
            for c in 0..PC {
                sums[r][c] = self.begin;
            }
        }
        if !run.terms.is_first {
            self.load(&mut sums, &out[run.chain + at..][..len]);
        }
        let from = image * run.images[1] + i * run.width + j;
        // SAFETY: `from` is at most (images - 1) plane + (rows - 1) width + columns - 1, which `Pixels::run` compared with
        // the frame.
        let pixels = unsafe { run.frame.as_ptr().add(from) };
        let mut w = self.w.as_ptr();
        for offset in run.offsets {
            let mut weights = [E::V::<S>::zero(); NV];
            for v in 0..NV {
                // SAFETY: `Run::all` asserted that the weights of each term are there, for each of NV vectors.
                weights[v] = unsafe { E::V::<S>::load_ptr(w.add(v * self.w_apart)) };
            }
            for r in 0..PR {
                for c in 0..PC {
                    // SAFETY: i + r < rows and j + c < columns, and `Pixels::run` asserted that the frame is longer than
                    // each offset plus (rows - 1) width + columns - 1.
                    let x = E::V::<S>::splat(unsafe { *pixels.add(offset + r * run.width + c) });
                    for v in 0..NV {
                        sums[r][c][v] = x.mul_add(weights[v], sums[r][c][v]);
                    }
                }
            }
            w = w.wrapping_add(block);
        }
        if run.terms.chain > 0 && run.terms.is_last {
            let mut before = sums;
            self.load(&mut before, &out[at..][..len]);
            for r in 0..PR {
                for c in 0..PC {
                    for v in 0..NV {
                        sums[r][c][v] = before[r][c][v] + sums[r][c][v];
                    }
                }
            }
        }
        if run.normalization.is_some() {
            let [means, gains, biases] = self.numbers;
            for r in 0..PR {
                for c in 0..PC {
                    for v in 0..NV {
                        sums[r][c][v] = (sums[r][c][v] - means[v]) * gains[v] + biases[v];
                    }
                }
            }
        }
        if run.finish.max_pool_2x2 {
            if PR == 2 && PC.is_multiple_of(2) {
                self.halve(sums, ((image * rows + i) / 2 * (columns / 2) + j / 2) * block, out);
            }
            return;
        }
        let of_chain = if run.terms.is_last { 0 } else { run.chain };
        let out = out[of_chain + at..][..len].as_mut_ptr();
        for r in 0..PR {
            for c in 0..PC {
                for v in 0..NV {
                    let y = relu::<S, E>(run.finish.relu, sums[r][c][v]);
                    // SAFETY: the last of these vectors ends at `len`, the length of the slice.
                    unsafe { y.store_ptr(out.wrapping_add((r * columns + c) * block + v * self.out_apart)) };
                }
            }
        }
    }

    /// Loads the sums of a tile, whose length `from` has.
    #[inline(always)]
    fn load<const PR: usize, const PC: usize>(&self, sums: &mut [[[E::V<S>; NV]; PC]; PR], from: &[E]) {
        let (columns, block) = (self.run.size[1], channels_per_block::<E>());
        for r in 0..PR {
            for c in 0..PC {
                for v in 0..NV {
                    sums[r][c][v] = E::V::<S>::load(&from[(r * columns + c) * block + v * self.out_apart..]);
                }
            }
        }
    }

    /// Writes the largest of each 2 x 2 pixels, from `at`; a NaN is larger than any number.
    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn halve<const PR: usize, const PC: usize>(
        &self,
        sums: [[[E::V<S>; NV]; PC]; PR],
        at: usize,
        out: &mut [E],
    ) {
        let zero = E::V::<S>::zero();
        let mut unordered = zero.ne(zero);
        for c in 0..PC {
            for v in 0..NV {
                let (a, b) = (sums[0][c][v], sums[PR - 1][c][v]);
                unordered = unordered.or(a.ne(a).or(b.ne(b)));
            }
        }
        let any = unordered.any();
        let end =
            at + (PC / 2 - 1) * channels_per_block::<E>() + (NV - 1) * self.out_apart + E::V::<S>::LANES;
        assert!(end <= out.len());
        let out = out.as_mut_ptr().wrapping_add(at);
        for c in 0..PC / 2 {
            for v in 0..NV {
                let [a, b] = [sums[0][2 * c][v], sums[0][2 * c + 1][v]];
                let [d, e] = [sums[PR - 1][2 * c][v], sums[PR - 1][2 * c + 1][v]];
                let largest = if any { e.max_nan(d.max_nan(b.max_nan(a))) } else { e.max(d.max(b.max(a))) };
                let largest = relu::<S, E>(self.run.finish.relu, largest);
                // SAFETY: the last of these vectors ends at `end`, which is at most the length of `out`.
                unsafe {
                    largest.store_ptr(out.wrapping_add(c * channels_per_block::<E>() + v * self.out_apart))
                };
            }
        }
    }
}
