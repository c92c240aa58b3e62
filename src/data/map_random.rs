//! Examples that are changed at random.

use super::{Collate, Dataset};
use crate::rng::Rng;

/// The dataset of [`map_random`](Dataset::map_random).
#[derive(Clone, Debug)]
pub struct MapRandom<D, F> {
    dataset: D,
    f: F,
}

impl<D, F> MapRandom<D, F> {
    pub(super) fn new(dataset: D, f: F) -> Self {
        MapRandom { dataset, f }
    }
}

/// The seed of the epoch for a dataset that is inside another one that draws, whose numbers must be others.
pub(super) fn inner(seed: u64) -> u64 {
    Rng::hash(seed, u64::MAX)
}

/// The generator of an example in an epoch.
pub(super) fn generator(seed: u64, index: usize) -> Rng {
    Rng::seed(Rng::hash(seed, index as u64))
}

impl<D: Dataset, T: Collate, F: Fn(D::Example, &mut Rng) -> T> Dataset for MapRandom<D, F> {
    type Example = T;
    fn len(&self) -> usize {
        self.dataset.len()
    }
    fn get(&self, index: usize) -> T {
        self.get_in_epoch(index, 0)
    }
    fn get_in_epoch(&self, index: usize, seed: u64) -> T {
        let example = self.dataset.get_in_epoch(index, inner(seed));
        (self.f)(example, &mut generator(seed, index))
    }
}
