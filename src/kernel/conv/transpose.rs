//! Transpositions between channels that are planes and channels that are next to each other.

use super::packed_weights::channels_per_block;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector};

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
    /// How far apart the channels of `from` are.
    pub(super) from_apart: usize,
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
        let Turn { from, from_apart, places, to, apart } = self;
        let (block, lanes) = (channels_per_block::<E>(), E::V::<S>::LANES);
        for (o, from) in from.chunks(lanes * from_apart).enumerate() {
            let rows = from.len().div_ceil(from_apart);
            let (b, first) = (o * lanes / block, o * lanes % block);
            let to = &mut to[b * apart * block + first..];
            for q in (0..places).step_by(lanes) {
                let columns = lanes.min(places - q);
                let mut square = [E::V::<S>::zero(); MOST];
                for i in 0..lanes {
                    if i < rows {
                        let row = &from[i * from_apart + q..];
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
