//! Batches of a size that is a constant.

use super::{Batched, Collate, Dataset, Padded, Prefetch, ShardedLoader};
use crate::rng::Rng;
use std::fmt;
use std::sync::Arc;

/// Batches of `B` examples. PyTorch's `DataLoader`.
///
/// No example is lost and none counts twice: the last batch of an epoch is filled up to `B` with examples from the
/// beginning of the same epoch, as padding. Each tensor is a [`PaddedBatch`](crate::data::PaddedBatch), whose losses,
/// gradients and metrics are those of the real rows. See DESIGN.md, "Why is the last batch padded and typed?".
///
/// ```
/// use typegrad::data::{Batch, Dataset};
/// use typegrad::prelude::*;
///
/// let examples = vec![([0.0_f32, 1.0], 1_i64), ([1.0, 0.0], 0), ([1.0, 1.0], 1)];
/// let train = examples.batches::<2>();
/// let mut rng = Rng::seed(0);
/// let mut seen = 0;
/// for Batch { data: (x, y), rows, .. } in train.epoch(&mut rng) {
///     let _: (PaddedBatch<Tensor<Rank2<2, 2>>>, PaddedBatch<Tensor<Rank1<2>, i64>>) = (x, y);
///     seen += rows.len();
/// }
/// assert_eq!(seen, 3);
/// ```
pub struct DataLoader<D: ?Sized, const B: usize> {
    dataset: Arc<D>,
}

impl<D: Dataset, const B: usize> DataLoader<D, B> {
    /// Batches of the examples of a dataset.
    pub fn new(dataset: D) -> Self {
        const { assert!(B > 0, "a batch needs at least one example") };
        DataLoader { dataset: Arc::new(dataset) }
    }

    /// The examples.
    #[must_use]
    pub fn dataset(&self) -> &D {
        &self.dataset
    }

    /// The number of batches of an epoch, with the last one, and so of its steps. PyTorch's `len(loader)`. Where a step
    /// has several batches, it is [`ShardedLoader::num_batches`](super::ShardedLoader::num_batches).
    #[must_use]
    pub fn num_batches(&self) -> usize {
        self.dataset.len().div_ceil(B)
    }

    /// All examples once, in a random order. PyTorch's `shuffle=True`.
    ///
    /// One number is drawn: the seed of the order.
    pub fn epoch(&self, rng: &mut Rng) -> Epoch<D, B> {
        self.resume(Position { seed: Some(rng.bits()), next: 0 })
    }

    /// All examples once, in their order, as for an evaluation.
    #[must_use]
    pub fn in_order(&self) -> Epoch<D, B> {
        self.resume(Position { seed: None, next: 0 })
    }

    /// The rest of an epoch, from a [position](Batch::position) that was saved: the same batches, to the bit.
    #[must_use]
    pub fn resume(&self, position: Position) -> Epoch<D, B> {
        let order = position.seed.map(|seed| {
            let mut order: Vec<_> = (0..self.dataset.len()).collect();
            Rng::seed(seed).shuffle(&mut order);
            order
        });
        Epoch { dataset: Arc::clone(&self.dataset), order, position }
    }
}

impl<D: Dataset, const B: usize> DataLoader<D, B> {
    /// Steps of `N` batches, for [`DataParallel`](crate::train::DataParallel).
    #[must_use]
    pub fn shards<const N: usize>(self) -> ShardedLoader<D, B, N> {
        ShardedLoader::new(self)
    }
}

impl<D: ?Sized, const B: usize> Clone for DataLoader<D, B> {
    fn clone(&self) -> Self {
        DataLoader { dataset: Arc::clone(&self.dataset) }
    }
}

impl<D: Dataset + ?Sized, const B: usize> fmt::Debug for DataLoader<D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataLoader({} examples in batches of {B})", self.dataset.len())
    }
}

/// Where an epoch is: its order and how many examples of it are over. With it, [`resume`](DataLoader::resume) goes on.
///
/// It is a field of a [`Checkpoint`](crate::io::Checkpoint). A program without a loader counts what is over by itself:
/// `Position::from(count)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The seed of the order; `None` if the examples come in their own.
    seed: Option<u64>,
    /// The number of examples that are over.
    next: u64,
}

impl Position {
    /// The number of examples that are over.
    #[must_use]
    pub fn examples(&self) -> u64 {
        self.next
    }

    /// The position as bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 17] {
        let mut bytes = [0; 17];
        bytes[0] = self.seed.is_some().into();
        bytes[1..9].copy_from_slice(&self.seed.unwrap_or(0).to_le_bytes());
        bytes[9..].copy_from_slice(&self.next.to_le_bytes());
        bytes
    }

    /// The position of these bytes; `None` if they are none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[shuffled], bytes) = bytes.split_first_chunk()?;
        let (&seed, next) = bytes.split_first_chunk()?;
        let (seed, next) = (u64::from_le_bytes(seed), u64::from_le_bytes(next.try_into().ok()?));
        match shuffled {
            0 if seed == 0 => Some(Position { seed: None, next }),
            1 => Some(Position { seed: Some(seed), next }),
            _ => None,
        }
    }
}

impl From<u64> for Position {
    /// So many examples of an epoch in order.
    fn from(next: u64) -> Self {
        Position { seed: None, next }
    }
}

/// What is real of a batch of `B` rows: the first ones. The others fill it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealRows<const B: usize>(usize);

impl<const B: usize> RealRows<B> {
    /// The number of real rows: `B`, but for the last batch of an epoch.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a batch has at least one real row")]
    pub fn len(self) -> usize {
        self.0
    }

    /// Whether the whole batch is real.
    #[must_use]
    pub fn is_full(self) -> bool {
        self.0 == B
    }
}

/// `B` examples as tensors.
#[derive(Clone, Debug)]
pub struct Batch<T, const B: usize> {
    /// The tensors: what [`Collate`](super::Collate) makes of the examples.
    pub data: T,
    /// How many rows are real.
    pub rows: RealRows<B>,
    /// Where the epoch goes on behind this batch.
    pub position: Position,
}

impl<T, E, const B: usize> Batch<Result<T, E>, B> {
    /// The batch of a dataset whose examples may be missing, for `batch.transpose()?`.
    ///
    /// # Errors
    /// The first error of its examples.
    pub fn transpose(self) -> Result<Batch<T, B>, E> {
        Ok(Batch { data: self.data?, rows: self.rows, position: self.position })
    }
}

/// The batches of one pass through the examples.
pub struct Epoch<D: ?Sized, const B: usize> {
    dataset: Arc<D>,
    order: Option<Vec<usize>>,
    position: Position,
}

impl<D: Dataset, const B: usize> Epoch<D, B> {
    /// Where it goes on.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The number of examples that are left.
    #[must_use]
    pub fn examples_left(&self) -> usize {
        self.dataset.len().saturating_sub(usize::try_from(self.position.next).unwrap_or(usize::MAX))
    }

    /// The batches that need no padding, as plain tensors. PyTorch's `drop_last=True`; [`rest`](Self::rest) then has what is left.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let train = vec![1.0_f32; 70].batches::<32>();
    /// let mut epoch = train.epoch(&mut Rng::seed(0));
    /// assert_eq!(epoch.full().count(), 2);
    /// let rest = epoch.rest::<6>().expect("6 = 70 % 32");
    /// let _: Tensor<Rank1<6>> = rest.data;
    /// ```
    pub fn full(&mut self) -> Full<'_, D, B> {
        Full(self)
    }

    /// All that is left as one batch of its own size `R`: the last batch of PyTorch, with its batch statistics.
    /// `None` if there are not exactly `R` examples left.
    #[must_use]
    pub fn rest<const R: usize>(mut self) -> Option<Batch<Batched<D, R>, R>> {
        if self.examples_left() == R { self.cut() } else { None }
    }

    /// A thread makes the next `depth` batches while the last one is used. See [`Prefetch`].
    #[must_use]
    pub fn prefetch(self, depth: usize) -> Prefetch<Batch<Padded<D, B>, B>>
    where
        D: Send + Sync + 'static,
        Padded<D, B>: Send + 'static,
    {
        Prefetch::new(self, depth)
    }

    fn cut<const R: usize>(&mut self) -> Option<Batch<Batched<D, R>, R>> {
        let (len, left) = (self.dataset.len(), self.examples_left());
        if left == 0 {
            return None;
        }
        let real = left.min(R);
        let indices = std::array::from_fn(|row| {
            let place = (len - left + row) % len;
            self.order.as_ref().map_or(place, |order| order[place])
        });
        let data = self.dataset.batch::<R>(&indices);
        self.position.next += real as u64;
        Some(Batch { data, rows: RealRows(real), position: self.position })
    }
}

impl<D: Dataset, const B: usize> Iterator for Epoch<D, B> {
    type Item = Batch<Padded<D, B>, B>;
    fn next(&mut self) -> Option<Self::Item> {
        let Batch { data, rows, position } = self.cut::<B>()?;
        Some(Batch { data: D::Example::pad(data, rows.len()), rows, position })
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        let batches = self.examples_left().div_ceil(B);
        (batches, Some(batches))
    }
}

impl<D: Dataset, const B: usize> ExactSizeIterator for Epoch<D, B> {}

impl<D: Dataset, const B: usize> fmt::Debug for Epoch<D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Epoch({} of {} examples are left)", self.examples_left(), self.dataset.len())
    }
}

/// The batches of [`Epoch::full`].
#[derive(Debug)]
pub struct Full<'e, D: Dataset, const B: usize>(&'e mut Epoch<D, B>);

impl<D: Dataset, const B: usize> Iterator for Full<'_, D, B> {
    type Item = Batch<Batched<D, B>, B>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.examples_left() < B { None } else { self.0.cut() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TensorDataset;
    use crate::prelude::*;
    use std::collections::BTreeMap;

    type Pairs = TensorDataset<(Const<2>,), f32, (), i64>;

    /// Row `i` is `[i, -i]` with the label `i`.
    fn pairs<const N: usize>() -> Pairs {
        let x: Tensor<Rank2<N, 2>> =
            Tensor::from_fn(|i| (i / 2) as f32 * if i % 2 == 0 { 1.0 } else { -1.0 });
        TensorDataset::new(x, Tensor::<Rank1<N>, i64>::arange())
    }

    fn each_once<const B: usize>(epoch: Epoch<Pairs, B>, len: i64) {
        let mut seen = BTreeMap::new();
        for Batch { data: (x, y), rows, .. } in epoch {
            assert_eq!((x.num_real_rows(), y.num_real_rows()), (rows.len(), rows.len()));
            let (x, y) = (x.with_padding(), y.with_padding());
            for (row, (x, y)) in x.to_array::<[[f32; 2]; B]>().iter().zip(y.to_vec()).enumerate() {
                // Also padding is an example and its own label.
                assert_eq!((x[0], x[1]), (y as f32, -y as f32));
                if row < rows.len() {
                    *seen.entry(y).or_insert(0) += 1;
                }
            }
        }
        assert_eq!(seen, (0..len).map(|i| (i, 1)).collect());
    }

    #[test]
    fn every_example_is_seen_once_whatever_the_sizes() {
        let rng = &mut Rng::seed(0);
        each_once(pairs::<10>().batches::<1>().epoch(rng), 10);
        each_once(pairs::<10>().batches::<3>().epoch(rng), 10);
        each_once(pairs::<10>().batches::<5>().epoch(rng), 10);
        each_once(pairs::<10>().batches::<10>().in_order(), 10);
        each_once(pairs::<10>().batches::<64>().epoch(rng), 10);
        each_once(pairs::<0>().batches::<4>().epoch(rng), 0);
    }

    #[test]
    fn the_padding_is_the_beginning_of_the_epoch() {
        let loader = pairs::<5>().batches::<4>();
        let batches: Vec<_> = loader.in_order().map(|batch| batch.data).collect();
        let (x, y) = batches[1].clone();
        assert_eq!((x.real_elements(), y.real_elements()), (&[4.0, -4.0][..], &[4][..]));
        assert_eq!(x.with_padding().to_vec(), [4.0, -4.0, 0.0, 0.0, 1.0, -1.0, 2.0, -2.0]);
        assert_eq!(y.with_padding().to_vec(), [4, 0, 1, 2]);
    }

    #[test]
    fn an_epoch_goes_on_from_every_position_with_the_same_bits() {
        let loader = pairs::<23>().batches::<4>();
        let mut rng = Rng::seed(5);
        let all: Vec<_> = loader.epoch(&mut rng).collect();
        assert_eq!(all.len(), loader.num_batches());
        for (i, batch) in all.iter().enumerate() {
            let position = Position::from_bytes(&batch.position.to_bytes()).unwrap();
            assert_eq!(position.examples(), (4 * i + batch.rows.len()) as u64);
            let rest: Vec<_> = loader.resume(position).map(|batch| batch.data).collect();
            assert_eq!(rest, all[i + 1..].iter().map(|batch| batch.data.clone()).collect::<Vec<_>>());
        }
        let text = serde_json::to_string(&all[0].position).unwrap();
        assert_eq!(serde_json::from_str::<Position>(&text).unwrap(), all[0].position);
        let again: Vec<_> = loader.epoch(&mut Rng::seed(5)).map(|batch| batch.data).collect();
        assert_eq!(again[3], all[3].data);
        let next: Vec<_> = loader.epoch(&mut rng).map(|batch| batch.data).collect();
        assert_ne!(next[0], all[0].data);
    }

    #[test]
    fn only_the_bytes_of_a_position_are_one() {
        let bytes = Position { seed: None, next: 7 }.to_bytes();
        assert_eq!(Position::from_bytes(&bytes), Some(Position { seed: None, next: 7 }));
        assert_eq!(Position::from_bytes(&bytes[..16]), None);
        assert_eq!(Position::from_bytes(&[2; 17]), None);
        // Beyond the end, as with a smaller file than before, there is nothing.
        assert_eq!(pairs::<5>().batches::<2>().resume(Position { seed: Some(1), next: u64::MAX }).count(), 0);
    }

    #[test]
    fn the_rest_is_a_batch_of_its_own_size() {
        let loader = pairs::<11>().batches::<4>();
        let mut epoch = loader.epoch(&mut Rng::seed(1));
        let mut labels: Vec<_> = epoch.full().flat_map(|batch| batch.data.1.to_vec()).collect();
        let rest = epoch.rest::<3>().unwrap();
        assert!(rest.rows.is_full());
        labels.extend(rest.data.1.to_vec());
        labels.sort_unstable();
        assert_eq!(labels, (0..11).collect::<Vec<_>>());
        assert!(loader.in_order().rest::<3>().is_none());
    }

    #[test]
    fn items_make_the_same_batches_as_tensors() {
        let items: Vec<([f32; 2], i64)> = (0..7).map(|i| ([i as f32, -(i as f32)], i)).collect();
        let (items, tensors) = (items.batches::<3>(), pairs::<7>().batches::<3>());
        for (a, b) in items.epoch(&mut Rng::seed(2)).zip(tensors.epoch(&mut Rng::seed(2))) {
            assert_eq!(a.data, b.data);
        }
        let odd = pairs::<7>().subset(vec![1, 3, 5]).map(|(x, y)| (x * 2.0, y)).batches::<2>();
        let batches: Vec<_> = odd.in_order().map(|batch| batch.data).collect();
        assert_eq!(batches[1].0.real_elements(), [10.0, -10.0]);
        assert_eq!(batches[0].1.real_elements(), [1, 3]);
    }

    #[test]
    fn a_missing_example_is_an_error_of_its_batch() {
        let examples: Vec<Result<f32, String>> = vec![Ok(1.0), Ok(2.0), Err("lost".into())];
        let loader = examples.batches::<2>();
        let mut epoch = loader.in_order();
        assert_eq!(epoch.next().unwrap().transpose().unwrap().data.real_elements(), [1.0, 2.0]);
        assert_eq!(epoch.next().unwrap().transpose().unwrap_err(), "lost");
    }
}
