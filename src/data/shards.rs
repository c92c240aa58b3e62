//! Steps of several batches.

use super::{Batch, DataLoader, Dataset, Epoch, Padded, Position, Prefetch};
use crate::rng::Rng;
use crate::shape::{Law, Message};

/// Steps of `N` batches of `B` examples, for [`DataParallel`](crate::train::DataParallel): from [`DataLoader::shards`].
///
/// ```
/// use typegrad::data::Dataset;
/// use typegrad::prelude::*;
/// let train = vec![1.0_f32; 70].batches::<8>().shards::<4>();
/// assert_eq!((train.num_batches(), train.num_shards()), (3, 9)); // three steps: 4 + 4 + 1 shards
/// assert_eq!(train.epoch(&mut Rng::seed(0)).count(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct ShardedLoader<D: Dataset, const B: usize, const N: usize> {
    loader: DataLoader<D, B>,
}

impl<D: Dataset, const B: usize, const N: usize> ShardedLoader<D, B, N> {
    pub(super) fn new(loader: DataLoader<D, B>) -> Self {
        let () = SomeShards::<N>::HOLDS;
        ShardedLoader { loader }
    }

    /// The examples.
    #[must_use]
    pub fn dataset(&self) -> &D {
        self.loader.dataset()
    }

    /// The number of steps of an epoch, each of `N` shards or, at the end, fewer. PyTorch's `len(loader)`: what a
    /// schedule counts.
    #[must_use]
    pub fn num_batches(&self) -> usize {
        self.num_shards().div_ceil(N)
    }

    /// The number of shards of an epoch.
    #[must_use]
    pub fn num_shards(&self) -> usize {
        self.loader.num_batches()
    }

    /// All examples once, in a random order; see [`DataLoader::epoch`].
    pub fn epoch(&self, rng: &mut Rng) -> Shards<Epoch<D, B>, N> {
        Shards(self.loader.epoch(rng))
    }

    /// All examples once, in their order.
    #[must_use]
    pub fn in_order(&self) -> Shards<Epoch<D, B>, N> {
        Shards(self.loader.in_order())
    }

    /// The rest of an epoch, from the [position](Batch::position) of the last shard of a step.
    ///
    /// # Panics
    /// If the position is of an epoch with another number of examples.
    #[must_use]
    #[track_caller]
    pub fn resume(&self, position: Position) -> Shards<Epoch<D, B>, N> {
        Shards(self.loader.resume(position))
    }
}

/// `N` items at a time; fewer at the end, and never none.
#[derive(Debug)]
pub struct Shards<I, const N: usize>(I);

impl<D: Dataset, const B: usize, const N: usize> Shards<Epoch<D, B>, N> {
    /// The batches one by one.
    #[cfg(any(test, feature = "mpi"))]
    pub(crate) fn into_epoch(self) -> Epoch<D, B> {
        self.0
    }

    /// A thread makes the shards of the next `depth` steps while the last ones are used. See [`Prefetch`].
    #[must_use]
    pub fn prefetch(self, depth: usize) -> Prefetch<Vec<Batch<Padded<D, B>, B>>>
    where
        D: Send + Sync + 'static,
        Padded<D, B>: Send + 'static,
    {
        Prefetch::new(self, depth)
    }
}

impl<I: Iterator, const N: usize> Iterator for Shards<I, N> {
    type Item = Vec<I::Item>;
    fn next(&mut self) -> Option<Self::Item> {
        let shards: Vec<_> = self.0.by_ref().take(N).collect();
        (!shards.is_empty()).then_some(shards)
    }
}

/// There is at least one.
struct SomeShards<const N: usize>;

impl<const N: usize> Law for SomeShards<N> {
    const WRONG: Option<Message> =
        if N > 0 { None } else { Some(Message::new().text("there is at least one shard")) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_come_in_order_and_none_is_lost() {
        let loader = vec![1.0_f32; 11].batches::<2>().shards::<4>();
        let counts = |steps: &mut dyn Iterator<Item = Vec<Batch<_, 2>>>| {
            steps.map(|step| step.iter().map(|b| b.rows.len()).collect()).collect::<Vec<Vec<usize>>>()
        };
        let want = [vec![2, 2, 2, 2], vec![2, 1]];
        assert_eq!(counts(&mut loader.in_order()), want);
        assert_eq!(counts(&mut loader.in_order().prefetch(1)), want);
        assert_eq!((loader.num_batches(), loader.num_shards()), (2, 6));
        let first = loader.in_order().next().unwrap().pop().unwrap().position;
        assert_eq!(counts(&mut loader.resume(first)), want[1..]);
    }
}
