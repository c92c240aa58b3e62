//! Attention masks and dropout masks.

use super::heads::Heads;
use crate::element::Float;
use crate::kernel::random::dropout;
use crate::rng::Rng;
use crate::storage::Storage;

/// The masks of a grid of scores.
#[derive(Clone)]
pub(crate) enum Values<E> {
    /// `true` may be attended to.
    Allowed(Storage<bool>),
    /// `true` may not be attended to.
    Forbidden(Storage<bool>),
    /// Added to the scores.
    Added(Storage<E>),
}

/// One mask: the values for row `t` of the scores of head `i` (example by example) begin at
/// `i / shared % count * block + t * row`.
#[derive(Clone)]
pub(crate) struct Grid<E> {
    pub(crate) values: Values<E>,
    pub(crate) shared: usize,
    pub(crate) count: usize,
    pub(crate) block: usize,
    pub(crate) row: usize,
}

/// The keys that each query may attend to.
#[derive(Clone)]
pub struct Masks<E> {
    pub(crate) causal: bool,
    pub(crate) grids: Vec<Grid<E>>,
}

impl<E: Float> Masks<E> {
    /// The sum of the masks, which is added to the scores, `[batch, heads, queries, keys]`: minus infinity where a key is not seen.
    pub(crate) fn to_added(&self, sizes: Heads) -> Storage<E> {
        let Heads { batch, heads, queries, keys, .. } = sizes;
        let mut added = Storage::filled(batch * heads * queries * keys, E::zero());
        for (row, added) in added.make_mut().chunks_exact_mut(keys.max(1)).enumerate() {
            let (i, t) = (row / queries, row % queries);
            self.apply(added, i, t);
            if self.causal {
                added.iter_mut().skip(t + 1).for_each(|x| *x = E::neg_infinity());
            }
        }
        added
    }

    pub(super) fn apply(&self, row: &mut [E], i: usize, t: usize) {
        for grid in &self.grids {
            let start = i / grid.shared % grid.count * grid.block + t * grid.row;
            let never = E::neg_infinity();
            match &grid.values {
                Values::Allowed(mask) => {
                    let mask = &mask.as_slice()[start..];
                    row.iter_mut().zip(mask).filter(|(_, allowed)| !**allowed).for_each(|(x, _)| *x = never);
                }
                Values::Forbidden(mask) => {
                    let mask = &mask.as_slice()[start..];
                    row.iter_mut()
                        .zip(mask)
                        .filter(|(_, forbidden)| **forbidden)
                        .for_each(|(x, _)| *x = never);
                }
                Values::Added(mask) => {
                    row.iter_mut().zip(&mask.as_slice()[start..]).for_each(|(x, mask)| *x += *mask);
                }
            }
        }
    }
}

/// The dropout mask, one bit for each probability, and the factor of those that are kept.
pub struct Kept<E> {
    bits: dropout::Bits,
    factor: E,
}

impl<E: Float> Kept<E> {
    /// Each probability is dropped with the probability `p`.
    pub(crate) fn draw(sizes: Heads, p: f64, rng: &mut Rng) -> Self {
        let bits = dropout::mask(sizes.batch * sizes.heads * sizes.queries * sizes.keys, p, rng);
        Kept { bits, factor: E::from_f64((1.0 - p).recip()) }
    }

    /// Applies dropout to `x`, which starts at element `start` of all.
    pub(super) fn apply(&self, start: usize, x: &mut [E]) {
        let bits = self.bits.as_slice();
        for (i, x) in (start..).zip(x) {
            *x = if bits[i / 64] >> (i % 64) & 1 == 1 { *x * self.factor } else { E::zero() };
        }
    }
}
