//! Batches of a constant size.

use super::sampler::Weights;
use super::{Batched, Collate, Dataset, Padded, Prefetch, ShardedLoader};
use crate::rng::Rng;
use crate::shape::{Law, Message};
use std::fmt;
use std::sync::Arc;

mod position;

pub use position::Position;

/// Batches of `B` examples. PyTorch's `DataLoader`.
///
/// No example is lost and none counts twice: the last batch of an epoch is padded to `B` with examples from the
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
    sampler: Option<Arc<Weights>>,
    dataset: Arc<D>,
}

/// The order in which a loader yields its examples. The bound of a loop over a loader, which exists for its message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a loop is over an epoch of a `DataLoader`, which has an order, and not over the loader",
    label = "no order of the examples is given",
    note = "`loader.epoch(&mut rng)` yields them in a random order, `loader.in_order()` in their order"
)]
pub trait HasOrder {
    type Batch;
}

#[doc(hidden)]
impl<D: HasOrder, const B: usize> Iterator for DataLoader<D, B> {
    type Item = D::Batch;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

#[doc(hidden)]
impl<D: HasOrder, const B: usize> Iterator for &DataLoader<D, B> {
    type Item = D::Batch;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

#[doc(hidden)]
impl<D: ?Sized, const B: usize> DataLoader<D, B> {
    pub fn iter<R>(&self) -> std::iter::Empty<R>
    where
        D: HasOrder,
    {
        std::iter::empty()
    }
}

/// The number of batches, or that of examples? The bound of a method that exists for its message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the number of batches of a loader is `num_batches()`",
    label = "a method of PyTorch",
    note = "the number of examples is `loader.dataset().len()`"
)]
pub trait SaysOfWhat {}

#[doc(hidden)]
impl<D: ?Sized, const B: usize> DataLoader<D, B> {
    pub fn len<R>(&self) -> R
    where
        Self: SaysOfWhat,
    {
        unreachable!("no loader has a length")
    }
}

impl<D: Dataset, const B: usize> DataLoader<D, B> {
    /// Batches of the examples of a dataset.
    // rustc shows the next line where the size of the batches is an argument.
    #[rustfmt::skip]
    pub fn new(dataset: D) -> Self { // `DataLoader::<_, 32>::new(data)`, `data.batches::<32>()`
        let () = SomeExamples::<B>::HOLDS;
        DataLoader { dataset: Arc::new(dataset), sampler: None }
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
        self.sampler.as_ref().map_or(self.dataset.len(), |weights| weights.num_samples()).div_ceil(B)
    }

    /// An epoch draws each of its examples anew, example `i` with the probability `weights[i] / Σ weights`: some come more
    /// than once, others not at all. PyTorch's `WeightedRandomSampler(weights, num_samples)`.
    ///
    /// [`balanced_weights`](super::balanced_weights) makes all classes equally frequent. [`in_order`](Self::in_order) still has
    /// all examples once.
    ///
    /// ```
    /// use typegrad::data::{Dataset, balanced_weights};
    /// use typegrad::prelude::*;
    /// let labels: Vec<i64> = (0..1000).map(|i| i64::from(i < 20)).collect(); // one in fifty
    /// let weights = balanced_weights(&labels);
    /// let train = labels.batches::<100>().weighted(&weights, 1000);
    /// let positive: i64 = train.epoch(&mut Rng::seed(0)).flat_map(|batch| batch.data.real_elements().to_vec()).sum();
    /// assert!((450..550).contains(&positive));
    /// ```
    ///
    /// # Panics
    /// If there are not as many weights as examples, one is negative, infinite or NaN, or all are 0.
    #[must_use]
    #[track_caller]
    pub fn weighted(mut self, weights: &[f64], num_samples: usize) -> Self {
        let len = self.dataset.len();
        assert!(weights.len() == len, "{} weights, but the dataset has {len} examples", weights.len());
        self.sampler = Some(Arc::new(Weights::new(weights, num_samples)));
        self
    }

    /// All examples once, in a random order. PyTorch's `shuffle=True`.
    ///
    /// One number is drawn: the seed of the order.
    pub fn epoch(&self, rng: &mut Rng) -> Epoch<D, B> {
        self.starting_at(Position { seed: Some(rng.bits()), ..Position::from(0) })
    }

    /// All examples once, in their order, as for an evaluation.
    #[must_use]
    pub fn in_order(&self) -> Epoch<D, B> {
        self.starting_at(Position::from(0))
    }

    /// The rest of an epoch, from a [position](Batch::position) that was saved: bit-identical batches.
    ///
    /// ```should_panic
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let position = vec![1.0_f32; 10].batches::<4>().epoch(&mut Rng::seed(0)).next().unwrap().position;
    /// let _ = vec![1.0_f32; 7].batches::<4>().resume(position); // three rows of the file are gone
    /// ```
    ///
    /// # Panics
    /// If the position is of an epoch with another number of examples: there the order would be another one. A count,
    /// `Position::from(count)`, and a position from a file of an older version have no length to compare.
    #[must_use]
    #[track_caller]
    pub fn resume(&self, position: Position) -> Epoch<D, B> {
        let epoch = self.starting_at(position);
        let len = epoch.num_examples() as u64;
        assert!(
            position.of.is_none_or(|saved| saved == len),
            "the position is of an epoch of {} examples, but an epoch of this loader has {len}: another dataset, or one \
             that has changed",
            position.of.unwrap_or(len),
        );
        epoch
    }

    fn starting_at(&self, position: Position) -> Epoch<D, B> {
        let order = position.seed.map(|seed| match &self.sampler {
            Some(weights) => weights.draw(&mut Rng::seed(seed)).into(),
            None => {
                let mut order: Vec<_> = (0..self.dataset.len()).collect();
                Rng::seed(seed).shuffle(&mut order);
                order.into()
            }
        });
        let mut epoch = Epoch { dataset: Arc::clone(&self.dataset), order, position };
        epoch.position.of = Some(epoch.num_examples() as u64);
        epoch
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
        DataLoader { dataset: Arc::clone(&self.dataset), sampler: self.sampler.clone() }
    }
}

impl<D: Dataset + ?Sized, const B: usize> fmt::Debug for DataLoader<D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataLoader({} examples in batches of {B})", self.dataset.len())
    }
}

/// The number of real rows in a batch of `B`: the first ones. The others are padding.
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
    /// The tensors that [`Collate`](super::Collate) makes of the examples.
    pub data: T,
    /// How many rows are real.
    pub rows: RealRows<B>,
    /// The position after this batch.
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
    order: Option<Arc<[usize]>>,
    position: Position,
}

impl<D: ?Sized, const B: usize> Clone for Epoch<D, B> {
    fn clone(&self) -> Self {
        let (dataset, order) = (Arc::clone(&self.dataset), self.order.clone());
        Epoch { dataset, order, position: self.position }
    }
}

impl<D: Dataset, const B: usize> Epoch<D, B> {
    /// The current position.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The number of examples that are left.
    #[must_use]
    pub fn examples_left(&self) -> usize {
        self.num_examples().saturating_sub(usize::try_from(self.position.next).unwrap_or(usize::MAX))
    }

    /// The number of examples of the whole epoch. Not `len`, which is that of the iterator.
    fn num_examples(&self) -> usize {
        self.order.as_ref().map_or(self.dataset.len(), |order| order.len())
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

    /// Computes the next batches on `threads` threads, two each, while the program uses the current one: for examples that take long to
    /// read or to change. The batches are the same, in the same order. PyTorch's `num_workers=threads`.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let train = vec![1.0_f32; 100].map_random(|x, rng| x + rng.normal() as f32).batches::<32>();
    /// let batches = train.epoch(&mut Rng::seed(0)).workers(2).map(|batch| batch.data);
    /// assert!(batches.eq(train.epoch(&mut Rng::seed(0)).map(|batch| batch.data)));
    /// ```
    ///
    /// # Panics
    /// If `threads` is 0.
    #[must_use]
    #[track_caller]
    pub fn workers(self, threads: usize) -> Prefetch<Batch<Padded<D, B>, B>>
    where
        D: Send + Sync + 'static,
        Padded<D, B>: Send + 'static,
    {
        assert!(threads > 0, "at least one thread is needed");
        let part = |thread| {
            // Every `threads`-th batch, from the `thread`-th on.
            let mut epoch = self.clone();
            epoch.pass_over(thread);
            std::iter::from_fn(move || {
                let batch = epoch.next();
                epoch.pass_over(threads - 1);
                batch
            })
        };
        Prefetch::in_turn((0..threads).map(part), 2)
    }

    /// Skips this many batches.
    pub(crate) fn pass_over(&mut self, batches: usize) {
        let examples = self.examples_left().min(batches.saturating_mul(B));
        self.position.next += examples as u64;
    }

    /// Computes the next `depth` batches on a thread while the program uses the current one. See [`Prefetch`].
    #[must_use]
    pub fn prefetch(self, depth: usize) -> Prefetch<Batch<Padded<D, B>, B>>
    where
        D: Send + Sync + 'static,
        Padded<D, B>: Send + 'static,
    {
        Prefetch::new(self, depth)
    }

    fn cut<const R: usize>(&mut self) -> Option<Batch<Batched<D, R>, R>> {
        let (len, left) = (self.num_examples(), self.examples_left());
        if left == 0 {
            return None;
        }
        let real = left.min(R);
        let indices = std::array::from_fn(|row| {
            let place = (len - left + row) % len;
            self.order.as_ref().map_or(place, |order| order[place])
        });
        let data = self.dataset.batch_in_epoch::<R>(&indices, self.position.seed.unwrap_or(0));
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
        write!(f, "Epoch({} of {} examples are left)", self.examples_left(), self.num_examples())
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

/// There is at least one.
struct SomeExamples<const B: usize>;

impl<const B: usize> Law for SomeExamples<B> {
    const WRONG: Option<Message> =
        if B > 0 { None } else { Some(Message::new().text("a batch needs at least one example")) };
}
