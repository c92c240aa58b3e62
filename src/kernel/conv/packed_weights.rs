//! The weights of a convolution with vectors along the channels, in the order in which they are read.

use super::conv::Finish;
use super::transpose::Turn;
use crate::kernel::memory::List;
use crate::kernel::simd::{SimdFloat, dispatch};
use crate::kernel::threads::{self, for_each_chunk};
use crate::storage::Storage;
use std::ops::Range;

/// The channels of a block: the lanes of the widest vector.
pub(super) const fn channels_per_block<E>() -> usize {
    64 / size_of::<E>()
}

/// The weights that are worth a part of the work.
const PART: usize = 1 << 16;

/// The weights of all channels: block after block, term after term, those of the channels of the block.
pub(super) struct PackedWeights<E> {
    pub(super) weights: Storage<E>,
    /// The initial values of the sums.
    pub(super) first: List<E>,
    /// The mean, the gain and the bias of each channel, if its sums are normalized.
    pub(super) normalization: Option<[List<E>; 3]>,
    pub(super) terms: usize,
    pub(super) outs: usize,
}

/// The numbers of `outs` channels, and zeros for the others of the last block.
fn padded_to_blocks<E: SimdFloat>(numbers: &[E], outs: usize) -> List<E> {
    let mut all = List::from_slice(numbers);
    all.resize(outs.next_multiple_of(channels_per_block::<E>()), E::ZERO);
    all
}

impl<E: SimdFloat> PackedWeights<E> {
    /// Weights that `write` writes, for the range of the channels of a few blocks.
    fn of(
        [outs, terms]: [usize; 2],
        finish: Finish<'_, E>,
        write: impl Fn(Range<usize>, &mut [E]) + Sync,
    ) -> Self {
        let block = channels_per_block::<E>();
        let padded = outs.next_multiple_of(block);
        let first = padded_to_blocks(finish.bias.unwrap_or(&[]), outs);
        let normalization =
            finish.normalization.map(|numbers| numbers.map(|of_all| padded_to_blocks(of_all, outs)));
        let mut weights = Storage::unspecified(padded * terms);
        if padded > outs {
            weights.make_mut()[(padded - block) * terms..].fill(E::ZERO);
        }
        let blocks = threads::part_size(padded * terms, PART).div_ceil((block * terms).max(1));
        for_each_chunk(weights.make_mut(), (blocks * block * terms).max(1), |part, to| {
            let from = part * blocks * block;
            write(from..outs.min(from + blocks * block), to);
        });
        PackedWeights { weights, first, normalization, terms, outs }
    }

    /// Weights that lie as [channel, term].
    pub(super) fn new([outs, terms]: [usize; 2], finish: Finish<'_, E>, w: &[E]) -> Self {
        Self::of([outs, terms], finish, |channels, to| {
            let from = &w[channels.start * terms..channels.end * terms];
            dispatch(Turn { from, from_apart: terms, places: terms, to, apart: terms });
        })
    }

    /// Weights that lie as [.., channel, tap], where channel 0 of each term begins in `w` at `starts`.
    pub(super) fn of_taps(outs: usize, taps: usize, starts: &[usize], w: &[E]) -> Self {
        let (block, terms) = (channels_per_block::<E>(), starts.len());
        Self::of([outs, terms], Finish::default(), |channels, to| {
            for (first, to) in channels.clone().step_by(block).zip(to.chunks_exact_mut(block * terms)) {
                let count = block.min(channels.end - first);
                for (start, to) in starts.iter().zip(to.chunks_exact_mut(block)) {
                    let from = w[start + first * taps..].iter().step_by(taps);
                    to[..count].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        })
    }
}
