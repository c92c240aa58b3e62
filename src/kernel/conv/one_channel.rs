//! The sums of a convolution for one output channel, as of depthwise convolutions: y[i, j] = bias + Σₖ w[k] frame[offset(k) + i width + j].
//!
//! A tile is a vector of several rows, which stays in registers while k runs and is stored in the output itself. In
//! [`tile`](super::tile) vectors lie along the frame, whose rows are longer, so that its sums are copied; that pays for
//! several channels, which share the vectors that are loaded. Floor: a fused multiply-add with its load for each vector and
//! term. The bits are the same.

use super::channels::Change;
use super::conv::Finish;
use super::terms::WEIGHTS;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch};

/// The rows of the largest tile: as many sums hide the latency of an addition.
const ROWS: usize = 8;
/// The rows of a smaller one.
const HALF: usize = ROWS / 2;

/// Whether there is one channel, with terms that are summed at once.
pub(super) fn takes(channels: usize, terms: usize) -> bool {
    channels == 1 && terms <= WEIGHTS
}

/// Writes y, some rows and columns of one channel after another, with the weights and the operations after the sums of all
/// channels, without pooling, the number of the first one, and a frame for each, with the length of a frame and of its rows.
pub(super) fn sum<E: SimdFloat>(
    (w, finish, first): (&[E], Finish<'_, E>, usize),
    (frames, of_frame, width): (&[E], usize, usize),
    offsets: &[usize],
    size: [usize; 2],
    y: &mut [E],
) {
    dispatch(Channels { w, finish, first, frames, of_frame, width, offsets, size, y });
}

/// Some rows of one channel after another.
struct Channels<'a, E> {
    /// [channel, term].
    w: &'a [E],
    finish: Finish<'a, E>,
    first: usize,
    frames: &'a [E],
    of_frame: usize,
    width: usize,
    offsets: &'a [usize],
    size: [usize; 2],
    y: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Channels<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Channels { w, finish, first, frames, of_frame, width, offsets, size, y } = self;
        let last = offsets.iter().copied().max().unwrap_or(0);
        // Whether each row of the frame is read by three taps of three rows of the kernel.
        let is_3x3 = offsets.len() == 9 && (3..9).all(|k| offsets[k] == offsets[k - 3] + width);
        let frames = frames.chunks_exact(of_frame.max(1));
        for (i, (frame, y)) in frames.zip(y.chunks_exact_mut((size[0] * size[1]).max(1))).enumerate() {
            let channel = (first + i) % (w.len() / offsets.len());
            let finish = finish.of(channel..channel + 1);
            let begin = finish.bias.map_or(E::V::<S>::zero(), |bias| E::V::<S>::splat(bias[0]));
            let change = Change::new(Finish { bias: None, ..finish }, 0);
            let w = &w[channel * offsets.len()..][..offsets.len()];
            OneChannel { w, begin, change, frame, width, offsets, size, y }.all(last, is_3x3);
        }
    }
}

/// Some rows of one channel.
struct OneChannel<'a, E: SimdFloat, S: Simd> {
    /// The weight of each term.
    w: &'a [E],
    /// The first summand, and the operations on the sum.
    begin: E::V<S>,
    change: Change<E, S>,
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

impl<E: SimdFloat, S: Simd> OneChannel<'_, E, S> {
    /// All of it. `last` is the largest offset.
    #[inline(always)]
    fn all(mut self, last: usize, is_3x3: bool) {
        let (lanes, [rows, columns]) = (E::V::<S>::LANES, self.size);
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
                row += match rows {
                    ROWS.. if rows - row > ROWS / 2 && is_3x3 => {
                        self.tile::<ROWS, true>([row.min(rows - ROWS), j])
                    }
                    ROWS.. if rows - row > ROWS / 2 => self.tile::<ROWS, false>([row.min(rows - ROWS), j]),
                    HALF.. if is_3x3 => self.tile::<HALF, true>([row.min(rows - HALF), j]),
                    HALF.. => self.tile::<HALF, false>([row.min(rows - HALF), j]),
                    _ => self.tile::<1, false>([row, j]),
                };
            }
            column += lanes;
            if column >= columns {
                break;
            }
        }
    }

    /// The vectors at column `j` of R rows, from row `i` on; returns R. A vector is longer than a row only at column 0.
    #[inline(always)]
    fn tile<const R: usize, const IS_3X3: bool>(&mut self, [i, j]: [usize; 2]) -> usize {
        let (lanes, [rows, columns]) = (E::V::<S>::LANES, self.size);
        debug_assert!(i + R <= rows && (j == 0 || j + lanes <= columns));
        let at = i * self.width + j;
        let sums = if IS_3X3 { self.sums_3x3::<R>(at) } else { self.sums::<R>(at) };
        // All together: with a choice for each row the compiler would compute one sum after another.
        let sums = self.change.of_all(sums);
        let y = &mut self.y[i * columns + j..][..(R - 1) * columns + lanes.min(columns)];
        if columns < lanes {
            for (y, sum) in y.chunks_mut(columns).zip(sums) {
                sum.store_partial(y);
            }
            return R;
        }
        for (r, sum) in sums.into_iter().enumerate() {
            // SAFETY: the last of these vectors ends where the slice does.
            unsafe { sum.store_ptr(y.as_mut_ptr().add(r * columns)) };
        }
        R
    }

    /// The sums of R rows, from `at` in the frame.
    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn sums<const R: usize>(&self, at: usize) -> [E::V<S>; R] {
        let mut sums = [self.begin; R];
        let from = self.frame.as_ptr().wrapping_add(at);
        for (offset, w) in self.offsets.iter().zip(self.w) {
            let w = E::V::<S>::splat(*w);
            for r in 0..R {
                // SAFETY: `all` asserted that a vector at this offset of the last row ends before the frame does,
                // also where it is longer than a row; the others end before it.
                let x = unsafe { E::V::<S>::load_ptr(from.wrapping_add(offset + r * self.width)) };
                sums[r] = x.mul_add(w, sums[r]);
            }
        }
        sums
    }

    /// As [`sums`](Self::sums), of three rows of taps a row of the frame apart: a vector is loaded once for the three rows of
    /// the output that it is a term of, and the order of their terms stays.
    #[expect(clippy::needless_range_loop, reason = "loops over registers, which must be unrolled")]
    #[inline(always)]
    fn sums_3x3<const R: usize>(&self, at: usize) -> [E::V<S>; R] {
        let (mut sums, mut w) = ([self.begin; R], [[self.begin; 3]; 3]);
        for k in 0..9 {
            w[k / 3][k % 3] = E::V::<S>::splat(self.w[k]);
        }
        let from = self.frame.as_ptr().wrapping_add(at);
        for row in 0..R + 2 {
            for c in 0..3 {
                // SAFETY: as in `sums`: this is tap `c` of the first row, and the last two rows are those of the taps below.
                let x = unsafe { E::V::<S>::load_ptr(from.wrapping_add(self.offsets[c] + row * self.width)) };
                for k in 0..3 {
                    if row >= k && row - k < R {
                        sums[row - k] = x.mul_add(w[k][c], sums[row - k]);
                    }
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    /// All sizes of tiles and of the last vector, without an element beyond those that may be read.
    #[test]
    fn sums_of_any_size_have_the_bits_of_the_definition() {
        for terms in [5, 9, 10] {
            (1..20).for_each(|rows| (1..37).for_each(|columns| has_the_bits([rows, columns], terms)));
        }
    }

    fn has_the_bits([rows, columns]: [usize; 2], terms: usize) {
        let w = &[0.3_f32, -1.7, 0.9, 2.1, -0.4, 1.1, -0.6, 0.2, 1.3, 0.8][..terms];
        let width = columns + 2;
        let offsets: Vec<_> = (0..terms)
            // Of nine terms, rows of a kernel of 3 x 3 whose columns are not next to each other.
            .map(
                |k| if terms == 9 { k / 3 * width + [0, 2, 1][k % 3] } else { k * 5 % 7 / 3 * width + k % 3 },
            )
            .collect();
        let len = 2 * width + 2 + (rows - 1) * width + columns.max(16);
        let frame: Vec<f32> = (0..len).map(|i| ((i * 37) % 101) as f32 * 0.21 - 9.0).collect();
        for level in Level::ALL {
            let finish = Finish {
                bias: Some(&[0.7][..]),
                normalization: (columns % 2 == 0).then_some([&[0.4][..], &[1.3], &[-0.2]]),
                relu: (rows % 2 == 0).then_some(6.0),
                ..Finish::default()
            };
            let mut y = vec![f32::NAN; rows * columns];
            with_level(level, || {
                sum((w, finish, 0), (&frame, frame.len(), width), &offsets, [rows, columns], &mut y)
            });
            for (at, y) in y.iter().enumerate() {
                let from = at / columns * width + at % columns;
                let want = offsets.iter().zip(w.iter().copied()).fold(0.7, |sum, (offset, w)| match level {
                    Level::Avx512 | Level::Avx2 => frame[from + offset].mul_add(w, sum),
                    _ => frame[from + offset] * w + sum,
                });
                let want = if columns % 2 == 0 { (want - 0.4) * 1.3 - 0.2 } else { want };
                let want: f32 = finish.relu.map_or(want, |most| want.max(0.0).min(most));
                assert_eq!(y.to_bits(), want.to_bits(), "{rows} x {columns}, {at}, {level}");
            }
        }
    }
}
