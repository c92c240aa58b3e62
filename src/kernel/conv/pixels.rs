//! The sums of a convolution with vectors along the output channels: y[q, o] = bias[o] + Σₖ frame[offset(k) + q] w[k, o].
//!
//! A pixel of the frame is broadcast and meets the weights of all channels, so that rows of any width are computed without
//! waste; the other way round, [`tile`](super::tile) wastes what lies between the rows of the output, and takes any number
//! of channels. Both sum each output as one chain over k, so they are bit-identical. Floor: NV multiply-adds for a
//! broadcast and NV loads that serve all pixels of a tile, 12 of them at 512 bits.
//!
//! The result of a tile has the channels of a pixel next to each other. ReLU is applied on the way to memory, and of 2 x 2
//! pixels the largest is kept if pooling follows; blocks are transposed when a few rows are complete.

use super::conv::Finish;
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Level, Mask, Simd, SimdFloat, Vector, dispatch};

/// The channels of a block: the lanes of the widest vector.
pub(super) const fn block<E>() -> usize {
    64 / size_of::<E>()
}

/// The weights of all channels: block after block, term after term, those of the channels of the block.
pub(super) struct Blocks<E> {
    weights: List<E>,
    /// The initial values of the sums.
    first: List<E>,
    terms: usize,
    outs: usize,
}

impl<E: SimdFloat> Blocks<E> {
    /// Weights of 0.
    pub(super) fn zeros([outs, terms]: [usize; 2], bias: Option<&[E]>) -> Self {
        let padded = outs.next_multiple_of(block::<E>());
        let mut first = bias.map_or_else(List::new, List::from_slice);
        first.resize(padded, E::ZERO);
        Blocks { weights: List::filled(padded * terms, E::ZERO), first, terms, outs }
    }

    /// Weights that lie as [channel, term].
    pub(super) fn new([outs, terms]: [usize; 2], bias: Option<&[E]>, w: &[E]) -> Self {
        let mut blocks = Blocks::zeros([outs, terms], bias);
        let (from, to) = (&w[..outs * terms], &mut blocks.weights[..]);
        dispatch(Turn { from, places: terms, to, apart: terms });
        blocks
    }

    /// Sets the weight of channel `o` and term `k`.
    #[inline]
    pub(super) fn set(&mut self, o: usize, k: usize, w: E) {
        let block = block::<E>();
        self.weights[(o / block * self.terms + k) * block + o % block] = w;
    }
}

/// One run over some rows of the output.
pub(super) struct Pixels<'a, E> {
    pub(super) blocks: &'a Blocks<E>,
    pub(super) frame: &'a [E],
    /// How far apart the rows of the frame are.
    pub(super) width: usize,
    /// The first of the terms that are summed.
    pub(super) first_term: usize,
    /// Where each of them begins in the frame.
    pub(super) offsets: &'a [usize],
    /// Rows and columns before pooling.
    pub(super) size: [usize; 2],
    pub(super) finish: Finish,
    /// [block of the channels, pixel, channel], as large as [`scratch`] says.
    pub(super) scratch: &'a mut [E],
    /// [channel, ..], from the first pixel on.
    pub(super) y: &'a mut [E],
    /// How far apart the channels of `y` are.
    pub(super) apart: usize,
}

/// The number of elements of the scratch memory for so many outputs of each of `outs` channels.
pub(super) fn scratch<E>(outs: usize, pixels: usize) -> usize {
    outs.next_multiple_of(block::<E>()) * pixels.max(block::<E>())
}

impl<E: SimdFloat> Kernel for Pixels<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Pixels {
            blocks,
            first_term,
            frame,
            width,
            offsets,
            size: [rows, columns],
            finish,
            scratch,
            y,
            apart,
        } = self;
        let (block, lanes) = (block::<E>(), E::V::<S>::LANES);
        let [rows, columns] =
            if finish.max_pool_2x2 { [rows / 2 * 2, columns / 2 * 2] } else { [rows, columns] };
        let pixels = if finish.max_pool_2x2 { rows / 2 * (columns / 2) } else { rows * columns };
        if pixels == 0 || blocks.outs == 0 {
            return;
        }
        let last = offsets.iter().copied().max().unwrap_or(0);
        assert!(
            first_term + offsets.len() <= blocks.terms && last + (rows - 1) * width + columns <= frame.len()
        );
        let count = blocks.outs.div_ceil(block);
        assert!(blocks.weights.len() == count * block * blocks.terms && blocks.first.len() == count * block);
        let of_block = pixels.max(block) * block;
        assert!(scratch.len() >= count * of_block);
        let run = Run { frame, width, offsets, size: [rows, columns], finish };
        let mut b = 0;
        while b < count {
            let w = &blocks.weights[(b * blocks.terms + first_term) * block..];
            let first = &blocks.first[b * block..];
            let out = &mut scratch[b * of_block..];
            if lanes == block {
                if b + 1 < count {
                    run.all::<S, 2>(w, block * blocks.terms, first, out, of_block);
                    b += 2;
                } else {
                    run.all::<S, 1>(w, 0, first, out, 0);
                    b += 1;
                }
            } else {
                for half in (0..block).step_by(2 * lanes) {
                    run.all::<S, 2>(&w[half..], lanes, &first[half..], &mut out[half..], lanes);
                }
                b += 1;
            }
        }
        for (b, from) in scratch.chunks_exact(of_block).take(count).enumerate() {
            let channels = block.min(blocks.outs - b * block);
            for first in (0..channels).step_by(lanes) {
                let y = &mut y[(b * block + first) * apart..];
                transpose::<S, E>(&from[first..], block, [pixels, lanes.min(channels - first)], y, apart);
            }
        }
    }
}

/// The most lanes of a vector.
pub(super) const MOST: usize = 16;

/// Transposes as many vectors as there are lanes.
#[inline(always)]
pub(super) fn turn<S: Simd, E: SimdFloat>(square: &mut [E::V<S>; MOST]) {
    let lanes = E::V::<S>::LANES;
    let mut size = 1;
    // Each round rotates the bits of (row, column) by one.
    while size < lanes {
        let before = *square;
        for i in 0..lanes / 2 {
            (square[2 * i], square[2 * i + 1]) = before[i].zip(before[i + lanes / 2]);
        }
        size *= 2;
    }
}

/// Writes to `to` the columns of `from`, at most as many as there are lanes. The rows of `from` are `from_apart` apart, and
/// there are at least as many as lanes; those of `to` are `to_apart` apart.
#[inline(always)]
pub(super) fn transpose<S: Simd, E: SimdFloat>(
    from: &[E],
    from_apart: usize,
    [rows, columns]: [usize; 2],
    to: &mut [E],
    to_apart: usize,
) {
    let lanes = E::V::<S>::LANES;
    let starts = rows.saturating_sub(lanes);
    // The last square overlaps the one before.
    for q in (0..starts).step_by(lanes).chain([starts]) {
        let mut square = [E::V::<S>::zero(); MOST];
        for (i, row) in square.iter_mut().enumerate().take(lanes) {
            *row = E::V::<S>::load(&from[(q + i) * from_apart..]);
        }
        turn::<S, E>(&mut square);
        for (i, column) in square.iter().enumerate().take(lanes) {
            if i < columns {
                let to = &mut to[i * to_apart + q..];
                if rows >= lanes {
                    column.store(to);
                } else {
                    column.store_partial(&mut to[..rows]);
                }
            }
        }
    }
}

/// Transposes [channels, positions] into blocks of channels: [block, positions, channels of the block].
pub(super) struct Turn<'a, E> {
    pub(super) from: &'a [E],
    pub(super) places: usize,
    /// From the first position on, with zeros where the last block has no channels.
    pub(super) to: &'a mut [E],
    /// The number of positions of a block of `to`.
    pub(super) apart: usize,
}

impl<E: SimdFloat> Kernel for Turn<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Turn { from, places, to, apart } = self;
        let (block, lanes) = (block::<E>(), E::V::<S>::LANES);
        for (o, from) in from.chunks(lanes * places).enumerate() {
            let rows = from.len() / places;
            let (b, first) = (o * lanes / block, o * lanes % block);
            let to = &mut to[b * apart * block + first..];
            for q in (0..places).step_by(lanes) {
                let columns = lanes.min(places - q);
                let mut square = [E::V::<S>::zero(); MOST];
                for i in 0..lanes {
                    if i < rows {
                        let row = &from[i * places + q..];
                        square[i] = if columns == lanes {
                            E::V::<S>::load(row)
                        } else {
                            E::V::<S>::load_partial(&row[..columns], E::ZERO)
                        };
                    }
                }
                turn::<S, E>(&mut square);
                for i in 0..lanes {
                    if i < columns {
                        square[i].store(&mut to[(q + i) * block..]);
                    }
                }
            }
        }
    }
}

/// The blocks of a run over all pixels.
struct Run<'a, E> {
    frame: &'a [E],
    width: usize,
    offsets: &'a [usize],
    size: [usize; 2],
    finish: Finish,
}

impl<E: SimdFloat> Run<'_, E> {
    /// NV vectors of channels, whose weights, and whose outputs, are so far apart.
    #[inline(always)]
    fn all<S: Simd, const NV: usize>(
        &self,
        w: &[E],
        w_apart: usize,
        first: &[E],
        out: &mut [E],
        out_apart: usize,
    ) {
        let [rows, columns] = self.size;
        let (block, lanes) = (block::<E>(), E::V::<S>::LANES);
        let next = (NV - 1) * w_apart;
        assert!(self.offsets.is_empty() || w.len() >= next + (self.offsets.len() - 1) * block + lanes);
        let first_apart = if w_apart == lanes { lanes } else { block };
        let mut begin = [E::V::<S>::zero(); NV];
        for (v, begin) in begin.iter_mut().enumerate() {
            *begin = E::V::<S>::load(&first[v * first_apart..]);
        }
        let tile = Tile { run: self, w, w_apart, begin, out_apart };
        // As many sums as registers: two rows of tiles at 512 bits, or where they are pooled.
        let wide = S::LEVEL == Level::Avx512;
        let most = match (wide, NV) {
            (true, 1) => 8,
            (false, _) if self.finish.max_pool_2x2 => 2,
            _ => 6,
        };
        let unit = if self.finish.max_pool_2x2 { 2 } else { 1 };
        let count = columns.div_ceil(most);
        let mut i = 0;
        while i < rows {
            let two = i + 2 <= rows && (wide || self.finish.max_pool_2x2);
            // Tiles of nearly one width: a narrow one waits for its sums.
            let mut j = 0;
            for t in 0..count {
                let end = columns / unit * (t + 1) / count * unit;
                if two {
                    tile.two(i, [j, end], out);
                } else {
                    tile.one(i, [j, end], out);
                }
                j = end;
            }
            i += if two { 2 } else { 1 };
        }
    }
}

struct Tile<'a, E: SimdFloat, S: Simd, const NV: usize> {
    run: &'a Run<'a, E>,
    w: &'a [E],
    w_apart: usize,
    begin: [E::V<S>; NV],
    out_apart: usize,
}

impl<E: SimdFloat, S: Simd, const NV: usize> Tile<'_, E, S, NV> {
    /// A tile of two rows, from row `i`, and of the columns `from..to`.
    #[inline(always)]
    fn two(&self, i: usize, [from, to]: [usize; 2], out: &mut [E]) {
        let wide = S::LEVEL == Level::Avx512;
        match to - from {
            0 => {}
            1 if wide => self.tile::<2, 1>([i, from], out),
            2 => self.tile::<2, 2>([i, from], out),
            3 if wide => self.tile::<2, 3>([i, from], out),
            4 if wide => self.tile::<2, 4>([i, from], out),
            5 if wide => self.tile::<2, 5>([i, from], out),
            6 if wide => self.tile::<2, 6>([i, from], out),
            7 if wide && NV == 1 => self.tile::<2, 7>([i, from], out),
            8 if wide && NV == 1 => self.tile::<2, 8>([i, from], out),
            _ => unreachable!("a tile of at most as many columns"),
        }
    }

    /// A tile of one row.
    #[inline(always)]
    fn one(&self, i: usize, [from, to]: [usize; 2], out: &mut [E]) {
        match to - from {
            0 => {}
            1 => self.tile::<1, 1>([i, from], out),
            2 => self.tile::<1, 2>([i, from], out),
            3 => self.tile::<1, 3>([i, from], out),
            4 => self.tile::<1, 4>([i, from], out),
            5 => self.tile::<1, 5>([i, from], out),
            6 => self.tile::<1, 6>([i, from], out),
            7 if NV == 1 => self.tile::<1, 7>([i, from], out),
            8 if NV == 1 => self.tile::<1, 8>([i, from], out),
            _ => unreachable!("a tile of at most as many columns"),
        }
    }

    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<const PR: usize, const PC: usize>(&self, [i, j]: [usize; 2], out: &mut [E]) {
        let (run, block) = (self.run, block::<E>());
        let [rows, columns] = run.size;
        debug_assert!(i + PR <= rows && j + PC <= columns);
        let mut sums = [[[E::V::<S>::zero(); NV]; PC]; PR];
        for r in 0..PR {
            for c in 0..PC {
                sums[r][c] = self.begin;
            }
        }
        let at = i * run.width + j;
        // SAFETY: `at` is at most (rows - 1) width + columns - 1, which `Pixels::run` compared with the frame.
        let pixels = unsafe { run.frame.as_ptr().add(at) };
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
        if run.finish.max_pool_2x2 {
            if PR == 2 && PC.is_multiple_of(2) {
                self.halve(sums, (i / 2 * (columns / 2) + j / 2) * block, out);
            }
            return;
        }
        let at = (i * columns + j) * block;
        let end = at + ((PR - 1) * columns + PC - 1) * block + (NV - 1) * self.out_apart + E::V::<S>::LANES;
        assert!(end <= out.len());
        let (out, zero) = (out.as_mut_ptr().wrapping_add(at), E::V::<S>::zero());
        for r in 0..PR {
            for c in 0..PC {
                for v in 0..NV {
                    let y = sums[r][c][v];
                    let y = if run.finish.relu { zero.max(y) } else { y };
                    // SAFETY: the last of these vectors ends at `end`, which is at most the length of `out`.
                    unsafe { y.store_ptr(out.wrapping_add((r * columns + c) * block + v * self.out_apart)) };
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
        let end = at + (PC / 2 - 1) * block::<E>() + (NV - 1) * self.out_apart + E::V::<S>::LANES;
        assert!(end <= out.len());
        let out = out.as_mut_ptr().wrapping_add(at);
        for c in 0..PC / 2 {
            for v in 0..NV {
                let [a, b] = [sums[0][2 * c][v], sums[0][2 * c + 1][v]];
                let [d, e] = [sums[PR - 1][2 * c][v], sums[PR - 1][2 * c + 1][v]];
                let largest = if any { e.max_nan(d.max_nan(b.max_nan(a))) } else { e.max(d.max(b.max(a))) };
                let largest = if self.run.finish.relu { zero.max(largest) } else { largest };
                // SAFETY: the last of these vectors ends at `end`, which is at most the length of `out`.
                unsafe { largest.store_ptr(out.wrapping_add(c * block::<E>() + v * self.out_apart)) };
            }
        }
    }
}
