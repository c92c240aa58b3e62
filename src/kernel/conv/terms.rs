//! The terms of the sums of a convolution, in blocks whose weights stay in the first level of the cache while they meet
//! all pixels, and in chains of at most [`CHAIN`] of them, which are added, so that the error does not grow with the number
//! of channels.

use super::forward::PIECE;
use crate::kernel::simd::{Level, level};
use crate::kernel::threads;

/// The most terms that are summed in one chain, as in a product of matrices.
const CHAIN: usize = 2048;

/// The most terms of a block of vectors of 64 bytes, 18 KiB: the terms of 32 channels of 3 x 3.
pub(super) const WEIGHTS: usize = 288;

/// The pixels that are computed together where there are several blocks, whose weights are then read from afar less often.
const PIXELS: usize = 256;

/// Some terms of a sum.
pub(super) struct Terms {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The chain that they belong to, and whether they are its first and its last ones.
    pub(super) chain: usize,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    /// Whether no terms follow.
    pub(super) is_end: bool,
}

impl Terms {
    /// All of `count` terms, at most `most` at a time; a block of none if there are none.
    pub(super) fn all(count: usize, most: usize) -> impl Iterator<Item = Terms> {
        let cut = |[from, to]: [usize; 2], parts: usize, i: usize| {
            [i, i + 1].map(|i| from + i * (to - from) / parts)
        };
        let chains = chains(count);
        (0..chains).flat_map(move |chain| {
            let range = cut([0, count], chains, chain);
            let parts = (range[1] - range[0]).div_ceil(most).max(1);
            (0..parts).map(move |i| {
                let ([from, to], is_last) = (cut(range, parts, i), i + 1 == parts);
                Terms { from, to, chain, is_first: i == 0, is_last, is_end: is_last && chain + 1 == chains }
            })
        })
    }
}

/// The number of chains.
pub(super) fn chains(terms: usize) -> usize {
    terms.div_ceil(CHAIN).max(1)
}

/// Whether there may be several blocks: those of two vectors at 512 bits have half as many terms.
pub(super) fn has_several(terms: usize) -> bool {
    terms > if level() == Level::Avx512 { WEIGHTS / 2 } else { WEIGHTS }
}

/// How many rows of so many columns, for so many channels, are computed together.
pub(super) fn rows_at_once([outs, terms]: [usize; 2], columns: usize) -> usize {
    let least = if has_several(terms) { PIXELS.div_ceil(columns) } else { 1 };
    (PIECE / (outs * columns)).max(least)
}

/// How many of `images` images of so many pixels are computed together.
pub(super) fn images_at_once(images: usize, terms: usize, pixels: usize) -> usize {
    let most = if has_several(terms) { (PIXELS / pixels).max(1) } else { 1 };
    images.div_ceil(images.div_ceil(most.min(images.div_ceil(threads::num_threads()))))
}
