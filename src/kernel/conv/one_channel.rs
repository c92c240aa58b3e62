//! The sums of a convolution for one output channel, as of depthwise convolutions: y[i, j] = bias + Σₖ w[k] frame[offset(k) + i width + j].
//!
//! A tile is a vector of several rows, which stays in registers while k runs and is stored in the output itself. In
//! [`tile`](super::tile) vectors lie along the frame, whose rows are longer, so that its sums are copied; that pays for
//! several channels, which share the vectors that are loaded. Floor: a fused multiply-add with its load for each vector and
//! term. The bits are the same.

use super::channels;
use super::conv::Finish;
use super::terms::WEIGHTS;
use super::tile::Packed;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch};

/// The rows of the largest tile: as many sums hide the latency of an addition.
const ROWS: usize = 8;

/// Whether there is one channel, with terms that are summed at once.
pub(super) fn takes<E: SimdFloat>(packed: &Packed<E>) -> bool {
    packed.outs() == 1 && packed.weights().len() <= WEIGHTS
}

/// Writes y, some rows and columns, with a frame and the length of its rows. `finish` is that of the channel, without pooling.
pub(super) fn sum<E: SimdFloat>(
    w: &[E],
    finish: Finish<'_, E>,
    (frame, width): (&[E], usize),
    offsets: &[usize],
    size: [usize; 2],
    y: &mut [E],
) {
    let y = &mut y[..size[0] * size[1]];
    let relu = finish.relu && finish.normalization.is_none();
    dispatch(OneChannel { w, bias: finish.bias.map(|bias| bias[0]), relu, frame, width, offsets, size, y });
    if finish.normalization.is_some() {
        channels::finish_part(y, 0, size[0] * size[1], Finish { bias: None, ..finish });
    }
}

/// Some rows of one channel.
struct OneChannel<'a, E> {
    /// The weight of each term.
    w: &'a [E],
    bias: Option<E>,
    /// Whether outputs are max(y, 0).
    relu: bool,
    frame: &'a [E],
    /// The length of a row of the frame.
    width: usize,
    /// Where each term begins.
    offsets: &'a [usize],
    /// Rows and columns of the output.
    size: [usize; 2],
    /// The output; rows follow each other.
    y: &'a mut [E],
}

impl<E: SimdFloat> Kernel for OneChannel<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self) {
        let (lanes, [rows, columns]) = (E::V::<S>::LANES, self.size);
        let last = self.offsets.iter().copied().max().unwrap_or(0);
        assert!(
            rows > 0 && columns > 0 && self.y.len() >= rows * columns && self.w.len() == self.offsets.len()
        );
        assert!(last + (rows - 1) * self.width + columns.max(lanes) <= self.frame.len());
        let mut column = 0;
        loop {
            // The last vector and the last tile overlap those before them.
            let j = column.min(columns.saturating_sub(lanes));
            let mut row = 0;
            while row < rows {
                row += if rows >= ROWS && rows - row > ROWS / 2 {
                    self.tile::<S, ROWS>(row.min(rows - ROWS), j)
                } else if rows >= ROWS / 2 {
                    self.tile::<S, { ROWS / 2 }>(row.min(rows - ROWS / 2), j)
                } else {
                    self.tile::<S, 1>(row, j)
                };
            }
            column += lanes;
            if column >= columns {
                break;
            }
        }
    }
}

impl<E: SimdFloat> OneChannel<'_, E> {
    /// The vectors at column `j` of R rows, from row `i` on; returns R. A vector is longer than a row only at column 0.
    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn tile<S: Simd, const R: usize>(&mut self, i: usize, j: usize) -> usize {
        let (lanes, [rows, columns]) = (E::V::<S>::LANES, self.size);
        debug_assert!(i + R <= rows && (j == 0 || j + lanes <= columns));
        let mut sums = [self.bias.map_or(E::V::<S>::zero(), E::V::<S>::splat); R];
        let from = self.frame.as_ptr().wrapping_add(i * self.width + j);
        for (offset, w) in self.offsets.iter().zip(self.w) {
            let w = E::V::<S>::splat(*w);
            for r in 0..R {
                // SAFETY: `run` asserted that a vector at this offset of the last row ends before the frame does,
                // also where it is longer than a row; the others end before it.
                let x = unsafe { E::V::<S>::load_ptr(from.wrapping_add(offset + r * self.width)) };
                sums[r] = x.mul_add(w, sums[r]);
            }
        }
        for r in 0..R {
            let y = if self.relu { E::V::<S>::zero().max(sums[r]) } else { sums[r] };
            let to = &mut self.y[(i + r) * columns + j..][..lanes.min(columns)];
            if columns < lanes { y.store_partial(to) } else { y.store(to) }
        }
        R
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    /// All sizes of tiles and of the last vector, without an element beyond those that may be read.
    #[test]
    fn sums_of_any_size_have_the_bits_of_the_definition() {
        let w = [0.3_f32, -1.7, 0.9, 2.1, -0.4];
        for (rows, columns) in (1..20).flat_map(|rows| (1..37).map(move |columns| (rows, columns))) {
            let width = columns + 2;
            let offsets = [0, 2, width, width + 1, 2 * width];
            let len = 2 * width + (rows - 1) * width + columns.max(16);
            let frame: Vec<f32> = (0..len).map(|i| ((i * 37) % 101) as f32 * 0.21 - 9.0).collect();
            for level in Level::ALL {
                let finish = Finish { bias: Some(&[0.7][..]), relu: rows % 2 == 0, ..Finish::default() };
                let mut y = vec![f32::NAN; rows * columns];
                with_level(level, || sum(&w, finish, (&frame, width), &offsets, [rows, columns], &mut y));
                for (at, y) in y.iter().enumerate() {
                    let from = at / columns * width + at % columns;
                    let want = offsets.iter().zip(w).fold(0.7, |sum, (offset, w)| match level {
                        Level::Avx512 | Level::Avx2 => frame[from + offset].mul_add(w, sum),
                        _ => frame[from + offset] * w + sum,
                    });
                    let want: f32 = if finish.relu { want.max(0.0) } else { want };
                    assert_eq!(y.to_bits(), want.to_bits(), "{rows} x {columns}, {at}, {level}");
                }
            }
        }
    }
}
