//! The shards of one rank.

use crate::data::{Batch, Dataset, Epoch, Padded, Position, Prefetch, Shards};
use std::fmt;
use std::ops::Range;

/// The items of `count` that are of one rank: the first of them go to rank 0, and none has more than one more than another.
pub(super) fn own(count: usize, rank: usize, ranks: usize) -> Range<usize> {
    (rank * count).div_ceil(ranks)..((rank + 1) * count).div_ceil(ranks)
}

/// The steps of an epoch, each with the shards of this rank: from [`Distributed::shards`](super::Distributed::shards).
///
/// The examples of other ranks are not read.
pub struct RankShards<D: Dataset, const B: usize> {
    epoch: Epoch<D, B>,
    /// The shards of a step.
    count: usize,
    rank: usize,
    ranks: usize,
}

impl<D: Dataset, const B: usize> RankShards<D, B> {
    pub(super) fn new<const N: usize>(shards: Shards<Epoch<D, B>, N>, rank: usize, ranks: usize) -> Self {
        RankShards { epoch: shards.into_epoch(), count: N, rank, ranks }
    }

    /// Combines `steps` steps into one: gradient accumulation. A rank runs its shards in sequence, as many at a time as it has
    /// threads, and sends no more bytes than for one step. The result is that of a loader with `steps` times as many shards.
    ///
    /// # Panics
    /// If `steps` is 0.
    #[must_use]
    #[track_caller]
    pub fn accumulate(mut self, steps: usize) -> Self {
        assert!(steps > 0, "accumulate: the number of steps must be at least 1, but it is 0");
        self.count *= steps;
        self
    }

    /// A thread makes the shards of the next `depth` steps while the last ones are used. See [`Prefetch`].
    #[must_use]
    pub fn prefetch(self, depth: usize) -> Prefetch<StepShards<Padded<D, B>, B>>
    where
        D: Send + Sync + 'static,
        Padded<D, B>: Send + 'static,
    {
        Prefetch::new(self, depth)
    }
}

impl<D: Dataset, const B: usize> Iterator for RankShards<D, B> {
    type Item = StepShards<Padded<D, B>, B>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = self.epoch.examples_left();
        let count = left.div_ceil(B).min(self.count);
        if count == 0 {
            return None;
        }
        let Range { start, end } = own(count, self.rank, self.ranks);
        self.epoch.pass_over(start);
        let batches = self.epoch.by_ref().take(end - start).collect();
        self.epoch.pass_over(count - end);
        let (rows, position) = (left.min(count * B), self.epoch.position());
        Some(StepShards { batches, first: start, count, rows, position })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let steps = self.epoch.examples_left().div_ceil(B).div_ceil(self.count);
        (steps, Some(steps))
    }
}

impl<D: Dataset, const B: usize> ExactSizeIterator for RankShards<D, B> {}

impl<D: Dataset, const B: usize> fmt::Debug for RankShards<D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RankShards { epoch, count, rank, ranks } = self;
        write!(f, "RankShards(rank {rank} of {ranks}, {count} shards in each step, {epoch:?})")
    }
}

/// The shards of a step that one rank has, and what it knows of the others: for
/// [`Distributed::backward`](super::Distributed::backward).
#[derive(Clone, Debug)]
pub struct StepShards<T, const B: usize> {
    pub(super) batches: Vec<Batch<T, B>>,
    /// The number of the first of them.
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) rows: usize,
    pub(super) position: Position,
}

/// The shards of a step, for type inference: of one rank, or by mistake those of all.
pub trait Step<T, const B: usize> {}

impl<T, const B: usize> Step<T, B> for StepShards<T, B> {}
impl<T, const B: usize> Step<T, B> for Vec<Batch<T, B>> {}

/// The shards of a step that one rank has: [`StepShards`].
#[diagnostic::on_unimplemented(
    message = "these are the shards of all ranks, and every rank would run all of them",
    label = "the shards of all ranks",
    note = "`parallel.shards(train.epoch(&mut rng))` has those of this rank, for each step"
)]
pub trait OfOneRank<T, const B: usize> {
    /// Itself.
    #[doc(hidden)]
    fn step(self) -> StepShards<T, B>;
}

impl<T, const B: usize> OfOneRank<T, B> for StepShards<T, B> {
    fn step(self) -> Self {
        self
    }
}

impl<T, const B: usize> StepShards<T, B> {
    /// The position after this step, the same on all ranks: for a [`Checkpoint`](crate::io::Checkpoint) and
    /// [`ShardedLoader::resume`](crate::data::ShardedLoader::resume).
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The number of real rows of the step, over all ranks.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of shards of the step, over all ranks.
    #[must_use]
    pub fn num_shards(&self) -> usize {
        self.count
    }
}
