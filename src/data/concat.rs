//! Two datasets as one.

use super::Dataset;
use crate::rng::Rng;

/// The examples of one dataset, then those of another one. PyTorch's `ConcatDataset`.
///
/// The examples of both have one type; [`Dataset::map`] converts them. For three datasets, nest it. Examples that are drawn at
/// random, as by [`map_random`](Dataset::map_random), differ between epochs and between the parts, and resume bit-identically.
///
/// ```
/// use typegrad::data::{ConcatDataset, Dataset};
/// let pairs = ConcatDataset::new(vec![(1.0_f32, 0_i64), (2.0, 1)], vec![3.0, 4.0].map(|x: f32| (x, 1)));
/// assert_eq!((pairs.len(), pairs.get(2)), (4, (3.0, 1)));
/// let batches: Vec<_> = pairs.batches::<3>().in_order().collect();
/// assert_eq!(batches[1].data.0.real_elements(), [4.0]);
/// ```
#[derive(Clone, Debug)]
pub struct ConcatDataset<A, B> {
    first: A,
    second: B,
}

impl<A: Dataset, B: Dataset<Example = A::Example>> ConcatDataset<A, B> {
    /// The examples of `first`, then those of `second`.
    pub fn new(first: A, second: B) -> Self {
        ConcatDataset { first, second }
    }
}

impl<A: Dataset, B: Dataset<Example = A::Example>> Dataset for ConcatDataset<A, B> {
    type Example = A::Example;
    fn len(&self) -> usize {
        self.first.len() + self.second.len()
    }
    fn get(&self, index: usize) -> Self::Example {
        match index.checked_sub(self.first.len()) {
            None => self.first.get(index),
            Some(index) => self.second.get(index),
        }
    }
    fn get_in_epoch(&self, index: usize, seed: u64) -> Self::Example {
        let len = self.first.len();
        match index.checked_sub(len) {
            None => self.first.get_in_epoch(index, seed),
            // Other numbers than those of the same index of the first.
            Some(index) => self.second.get_in_epoch(index, Rng::hash(seed, len as u64)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Position, TensorDataset};
    use crate::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_example_comes_once_from_where_it_is() {
        let rows = |n: usize| Tensor::<Rank1<3>, i64>::from_fn(|i| (i + n) as i64);
        let (a, b) = (TensorDataset::new(rows(0), rows(0)), TensorDataset::new(rows(3), rows(3)));
        let all = ConcatDataset::new(
            ConcatDataset::new(a, b),
            Vec::<(Tensor<Rank0, i64>, Tensor<Rank0, i64>)>::new(),
        );
        assert_eq!(all.len(), 6);
        let mut seen = Vec::new();
        for batch in all.clone().batches::<4>().epoch(&mut Rng::seed(1)) {
            seen.extend_from_slice(batch.data.0.real_elements());
            assert_eq!(batch.data.0, batch.data.1);
        }
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
        let (front, back) = (all.clone().subset(vec![5, 0]), all.subset(vec![2]));
        assert_eq!((front.get(0).0.item(), front.get(1).0.item(), back.get(0).0.item()), (5, 0, 2));
    }

    /// Parts that draw at random draw anew in each epoch, each its own numbers, and resume bit-identically.
    #[test]
    fn parts_draw_their_own_numbers_in_each_epoch() {
        let part = || vec![0.0; 9].map_random(|_: f64, rng| rng.uniform());
        let all = ConcatDataset::new(ConcatDataset::new(part(), part()), part());
        let draws = |seed| (0..27).map(|i| all.get_in_epoch(i, seed).to_bits()).collect::<Vec<_>>();
        let distinct: BTreeSet<_> = (0..20).flat_map(draws).collect();
        assert_eq!(distinct.len(), 20 * 27);
        let loader = all.clone().batches::<5>();
        let mut epoch = loader.epoch(&mut Rng::seed(2));
        let position: Position = epoch.by_ref().nth(2).unwrap().position;
        let rest: Vec<_> = epoch.map(|batch| batch.data).collect();
        assert_eq!(rest, loader.resume(position).map(|batch| batch.data).collect::<Vec<_>>());
    }
}
