//! The gradient of a weight: w[o, k] += Σ_q grad[o, q] frame[offset(k) + q].
//!
//! Vectors lie along q, which runs over several images; a tile of MR channels and NR terms stays in registers and is
//! summed over its lanes at the end. There are 16 lanes of f32 or 8 of f64 at every level, in several vectors where they
//! are narrower, so that the bits do not depend on the level. Floor: MR NR multiply-adds for MR + NR loads.

use crate::kernel::simd::{Kernel, Level, Simd, SimdFloat, Vector};

/// One block of images.
pub(super) struct Dots<'a, E> {
    /// [channels, len].
    pub(super) grad: &'a [E],
    /// A multiple of [`PAD`](super::tile::PAD).
    pub(super) len: usize,
    /// The elements of each row that are summed: from a multiple of [`segment`] to another, or to the end.
    pub(super) range: [usize; 2],
    pub(super) frame: &'a [E],
    pub(super) offsets: &'a [usize],
    /// [channels, terms].
    pub(super) out: &'a mut [E],
}

/// The largest number of vectors that 16 lanes of f32 need; at 512 bits one.
const MOST: usize = 4;

/// The elements of a row that are multiplied at a time: those of four channels and of the frame stay in L1. Each is one term
/// of `out`.
pub(super) const fn segment<E>() -> usize {
    4096 / size_of::<E>()
}

impl<E: SimdFloat> Kernel for Dots<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self) {
        let last = self.offsets.iter().copied().max().unwrap_or(0);
        assert!(self.len.is_multiple_of(E::BLOCK / 4) && last + self.len <= self.frame.len());
        let ([start, end], segment) = (self.range, segment::<E>());
        assert!(
            start.is_multiple_of(segment)
                && (end == self.len || end.is_multiple_of(segment) && end < self.len)
        );
        let channels = self.grad.len().checked_div(self.len).unwrap_or(0);
        assert!(self.out.len() == channels * self.offsets.len());
        let wide = S::LEVEL == Level::Avx512;
        for from in (start..end).step_by(segment) {
            let range = [from, end.min(from + segment)];
            let mut o = 0;
            while o < channels {
                match channels - o {
                    4.. if wide => self.row::<S, 4, 6, 1>(&mut o, range),
                    2.. if wide => self.row::<S, 2, 9, 1>(&mut o, range),
                    _ if wide => self.row::<S, 1, 9, 1>(&mut o, range),
                    2.. => self.row::<S, 2, 3, MOST>(&mut o, range),
                    _ => self.row::<S, 1, 6, MOST>(&mut o, range),
                }
            }
        }
    }
}

impl<E: SimdFloat> Dots<'_, E> {
    #[inline(always)]
    fn row<S: Simd, const MR: usize, const NR: usize, const NV: usize>(
        &mut self,
        o: &mut usize,
        range: [usize; 2],
    ) {
        let mut k = 0;
        while k + NR <= self.offsets.len() {
            self.tile::<S, MR, NR, NV>(*o, k, range);
            k += NR;
        }
        while NR > 3 && k + 3 <= self.offsets.len() {
            self.tile::<S, MR, 3, NV>(*o, k, range);
            k += 3;
        }
        while k < self.offsets.len() {
            self.tile::<S, MR, 1, NV>(*o, k, range);
            k += 1;
        }
        *o += MR;
    }

    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<S: Simd, const MR: usize, const NR: usize, const NV: usize>(
        &mut self,
        o: usize,
        k: usize,
        [from, to]: [usize; 2],
    ) {
        let lanes = E::V::<S>::LANES;
        let vectors = E::V::<S>::BLOCK / 4;
        debug_assert!(vectors <= NV);
        let mut sums = [[[E::V::<S>::zero(); NV]; NR]; MR];
        let grad = &self.grad[o * self.len..][..MR * self.len];
        let offsets = &self.offsets[k..][..NR];
        debug_assert!(to <= self.len);
        let mut q = from;
        while q < to {
            for v in 0..vectors {
                let at = q + v * lanes;
                let mut g = [E::V::<S>::zero(); MR];
                for m in 0..MR {
                    // SAFETY: `to` is `len` or a multiple of the segment, both multiples of `vectors * lanes`, as `from` is,
                    // so at + lanes <= to <= len, and `grad` has MR rows of `len` elements.
                    g[m] = unsafe { E::V::<S>::load_ptr(grad.as_ptr().add(m * self.len + at)) };
                }
                for n in 0..NR {
                    // SAFETY: as above, and `run` asserted that each offset plus `len` is at most the frame's length.
                    let x = unsafe { E::V::<S>::load_ptr(self.frame.as_ptr().add(offsets[n] + at)) };
                    for m in 0..MR {
                        sums[m][n][v] = g[m].mul_add(x, sums[m][n][v]);
                    }
                }
            }
            q += vectors * lanes;
        }
        let terms = self.offsets.len();
        // A pointer: with indices that are checked rustc keeps the sums in memory.
        let out = self.out[o * terms + k..][..(MR - 1) * terms + NR].as_mut_ptr();
        for m in 0..MR {
            for n in 0..NR {
                let mut half = vectors / 2;
                while half > 0 {
                    for v in 0..half {
                        sums[m][n][v] = sums[m][n][v] + sums[m][n][v + half];
                    }
                    half /= 2;
                }
                // SAFETY: the last index, (MR - 1) terms + NR - 1, is that of the slice.
                unsafe { *out.wrapping_add(m * terms + n) += sums[m][n][0].reduce_sum() };
            }
        }
    }
}
