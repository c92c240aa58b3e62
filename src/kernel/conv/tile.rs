//! The sums of a convolution: y[o, q] = bias[o] + Σₖ w[o, k] frame[offset(k) + q].
//!
//! A window of any stride and dilation is a list of offsets into a [`Frame`](super::frame::Frame), so that neighbors in
//! the output are neighbors in memory: vectors lie along the image, and a weight is broadcast. A tile of MR channels and
//! NV vectors stays in registers while k runs. Floor: MR NV fused multiply-adds for NV loads and MR broadcasts; 24 of them
//! at 512 bits, 8 at 256, where 12 and their operands do not fit into 16 registers. The bits of an
//! output follow from its [`chains`] over k, and so depend neither on the tile nor on the level.

use super::terms::{Terms, WEIGHTS, chains};
use crate::kernel::gemm::transpose;
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Level, Simd, SimdFloat, Vector};

/// The weights of `outs` channels: tile after tile, term after term, those of the channels of the tile.
pub(super) struct Packed<E> {
    weights: List<E>,
    terms: usize,
    outs: usize,
}

/// The widths of tiles, from the widest.
pub(super) const WIDTHS: [usize; 4] = [8, 4, 2, 1];

/// The channels that are in one tile: (the first one, how many).
fn tiles(outs: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let width = WIDTHS.into_iter().find(|width| *width <= outs - first)?;
        first += width;
        Some((first - width, width))
    })
}

impl<E: SimdFloat> Packed<E> {
    /// `weight(o, k)` is the weight of channel `o` and term `k`.
    pub(super) fn new(outs: usize, terms: usize, weight: impl Fn(usize, usize) -> E) -> Self {
        let mut weights = List::with_capacity(outs * terms);
        for (first, width) in tiles(outs) {
            for k in 0..terms {
                weights.extend((first..first + width).map(|o| weight(o, k)));
            }
        }
        Packed { weights, terms, outs }
    }

    /// From weights that lie as [channel, term].
    pub(super) fn of_channels(outs: usize, terms: usize, w: &[E]) -> Self {
        let mut weights = List::filled(outs * terms, E::ZERO);
        for (first, width) in tiles(outs) {
            let channels = first * terms..(first + width) * terms;
            transpose([terms, width], (&w[channels.clone()], terms), (&mut weights[channels], width));
        }
        Packed { weights, terms, outs }
    }

    pub(super) fn outs(&self) -> usize {
        self.outs
    }

    /// Those of one channel are in the order of their terms.
    pub(super) fn weights(&self) -> &[E] {
        &self.weights
    }
}

/// One run over a piece of a frame.
pub(super) struct Tiles<'a, E> {
    pub(super) packed: &'a Packed<E>,
    pub(super) bias: Option<&'a [E]>,
    /// As that of [`Finish`](super::conv::Finish).
    pub(super) relu: Option<E>,
    pub(super) frame: &'a [E],
    /// Where each term begins.
    pub(super) offsets: &'a [usize],
    /// How many outputs there are for each channel.
    pub(super) len: usize,
    /// The sums of the first chain of terms, to which the others are added, and if there are others those of the present one.
    /// The sums of a channel are a multiple of [`PAD`] apart, at least `len`.
    pub(super) out: &'a mut [E],
}

/// Outputs are rounded up to a multiple of this, the lanes of the widest vector.
pub(super) const PAD: usize = 16;

impl<E: SimdFloat> Kernel for Tiles<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Tiles { packed, bias, relu, frame, offsets, len, out } = self;
        let of_chain = out.len() / chains(offsets.len()).min(2);
        let apart = of_chain.checked_div(packed.outs).unwrap_or(0);
        let padded = len.next_multiple_of(PAD);
        let last = offsets.iter().copied().max().unwrap_or(0);
        assert!(offsets.len() == packed.terms && apart >= padded && last + padded <= frame.len());
        assert!(bias.is_none_or(|bias| bias.len() == packed.outs));
        for terms in Terms::all(offsets.len(), WEIGHTS) {
            let mut weights = &packed.weights[..];
            for (first, width) in tiles(packed.outs) {
                let (w, rest) = weights.split_at(width * packed.terms);
                weights = rest;
                let run = Run {
                    w: &w[width * terms.from..width * terms.to],
                    bias: bias.filter(|_| terms.chain == 0).map(|bias| &bias[first..first + width]),
                    relu: relu.filter(|_| terms.is_end),
                    frame,
                    offsets: &offsets[terms.from..terms.to],
                    padded,
                    apart,
                    chain: if terms.chain > 0 { of_chain } else { 0 },
                    terms: &terms,
                };
                let out = &mut out[first * apart..];
                // 32 registers at 512 bits, 16 elsewhere.
                let wide = S::LEVEL == Level::Avx512;
                match width {
                    8 if wide => run.all::<S, 8, 3>(out),
                    8 => {
                        // Two tiles of 4 channels over the same weights.
                        run.half::<S, 0>(out);
                        run.half::<S, 4>(out);
                    }
                    4 if wide => run.all::<S, 4, 6>(out),
                    4 => run.all::<S, 4, 2>(out),
                    2 if wide => run.all::<S, 2, 8>(out),
                    2 => run.all::<S, 2, 4>(out),
                    _ => run.all::<S, 1, 8>(out),
                }
            }
        }
    }
}

/// min(max(y, 0), `most`), or y where there is none; NaN stays.
#[inline(always)]
pub(super) fn relu<S: Simd, E: SimdFloat>(most: Option<E>, y: E::V<S>) -> E::V<S> {
    match most {
        Some(most) => E::V::<S>::splat(most).min(E::V::<S>::zero().max(y)),
        None => y,
    }
}

/// A tile of channels over all outputs.
struct Run<'a, E> {
    w: &'a [E],
    bias: Option<&'a [E]>,
    relu: Option<E>,
    frame: &'a [E],
    offsets: &'a [usize],
    padded: usize,
    apart: usize,
    /// Where the sums of the chain of these terms are, from those of the first one on.
    chain: usize,
    terms: &'a Terms,
}

impl<E: SimdFloat> Run<'_, E> {
    #[inline(always)]
    fn all<S: Simd, const MR: usize, const NV: usize>(&self, out: &mut [E]) {
        let lanes = E::V::<S>::LANES;
        let mut q = 0;
        while q + NV * lanes <= self.padded {
            self.tile::<S, MR, NV, MR, 0>(q, out);
            q += NV * lanes;
        }
        while NV > 2 && q + 2 * lanes <= self.padded {
            self.tile::<S, MR, 2, MR, 0>(q, out);
            q += 2 * lanes;
        }
        while q < self.padded {
            self.tile::<S, MR, 1, MR, 0>(q, out);
            q += lanes;
        }
    }

    /// Four channels of a tile of eight, from `FROM`.
    #[inline(always)]
    fn half<S: Simd, const FROM: usize>(&self, out: &mut [E]) {
        let lanes = E::V::<S>::LANES;
        let mut q = 0;
        while q + 2 * lanes <= self.padded {
            self.tile::<S, 4, 2, 8, FROM>(q, out);
            q += 2 * lanes;
        }
        while q < self.padded {
            self.tile::<S, 4, 1, 8, FROM>(q, out);
            q += lanes;
        }
    }

    /// The channels `FROM..FROM + MR` of a tile whose weights are `WIDTH` wide, and NV vectors from `q`.
    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<S: Simd, const MR: usize, const NV: usize, const WIDTH: usize, const FROM: usize>(
        &self,
        q: usize,
        out: &mut [E],
    ) {
        let lanes = E::V::<S>::LANES;
        debug_assert!(q + NV * lanes <= self.padded);
        let end = self.chain + (FROM + MR - 1) * self.apart + q + NV * lanes;
        // Pointers below: with indices that are checked rustc keeps the sums in memory, and stores each in every turn.
        let out = out[..end].as_mut_ptr();
        let at = |m: usize, v: usize| (FROM + m) * self.apart + q + v * lanes;
        let mut sums = [[E::V::<S>::zero(); NV]; MR];
        for m in 0..MR {
            for v in 0..NV {
                if !self.terms.is_first {
                    // SAFETY: these vectors end at `end` at the latest, the length of the slice.
                    sums[m][v] = unsafe { E::V::<S>::load_ptr(out.wrapping_add(self.chain + at(m, v))) };
                } else if let Some(bias) = self.bias {
                    sums[m][v] = E::V::<S>::splat(bias[FROM + m]);
                }
            }
        }
        for (offset, w) in self.offsets.iter().zip(self.w.as_chunks::<WIDTH>().0) {
            let mut x = [E::V::<S>::zero(); NV];
            for v in 0..NV {
                // SAFETY: `run` asserted that each offset plus `padded` is at most the length of the frame, and
                // q + NV lanes is at most `padded` in each call.
                x[v] = unsafe { E::V::<S>::load_ptr(self.frame.as_ptr().add(offset + q + v * lanes)) };
            }
            for m in 0..MR {
                let w = E::V::<S>::splat(w[FROM + m]);
                for v in 0..NV {
                    sums[m][v] = x[v].mul_add(w, sums[m][v]);
                }
            }
        }
        let of_chain = if self.terms.is_last { 0 } else { self.chain };
        for m in 0..MR {
            for v in 0..NV {
                let mut y = sums[m][v];
                if self.terms.chain > 0 && self.terms.is_last {
                    // SAFETY: as above.
                    y = unsafe { E::V::<S>::load_ptr(out.wrapping_add(at(m, v))) } + y;
                }
                let y = relu::<S, E>(self.relu, y);
                // SAFETY: as above.
                unsafe { y.store_ptr(out.wrapping_add(of_chain + at(m, v))) };
            }
        }
    }
}
