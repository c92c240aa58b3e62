//! Examples by index.

use super::split::{self, SplitSize};
use super::{Collate, DataLoader, MapRandom, Mix, Mixup};
use crate::rng::Rng;
use std::sync::Arc;

/// Examples that are numbered from 0. PyTorch's `Dataset`.
///
/// Slices, vectors and arrays of examples are datasets, and so is [`TensorDataset`](super::TensorDataset), whose examples are rows of
/// tensors. Implement it for examples that are computed or read on demand:
///
/// ```
/// use typegrad::data::Dataset;
/// use typegrad::prelude::*;
///
/// struct Squares;
/// impl Dataset for Squares {
///     type Example = (f32, f32);
///     fn len(&self) -> usize {
///         10
///     }
///     fn get(&self, index: usize) -> (f32, f32) {
///         (index as f32, (index * index) as f32)
///     }
/// }
///
/// let batches: Vec<_> = Squares.batches::<4>().in_order().collect();
/// assert_eq!(batches.len(), 3);
/// let (x, y): &(PaddedBatch<Tensor<Rank1<4>>>, PaddedBatch<Tensor<Rank1<4>>>) = &batches[2].data;
/// assert_eq!((x.real_elements(), y.real_elements()), (&[8.0, 9.0][..], &[64.0, 81.0][..]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no examples that can be put into a batch",
    label = "a dataset has examples that are numbers, arrays, tensors, or pairs of them",
    note = "numbers are `f32`, `f64`, `i64` and `bool`: `examples.into_iter().map(|(x, y)| (x, y as i64)).collect::<Vec<_>>()`",
    note = "implement `typegrad::data::Collate` for a type of your own"
)]
pub trait Dataset {
    /// One example: a pair `(input, target)`, or anything else that can be batched. Where an example may
    /// be missing, it is a `Result`.
    type Example: Collate;

    /// The number of examples.
    fn len(&self) -> usize;

    /// The example at an index below [`len`](Self::len).
    fn get(&self, index: usize) -> Self::Example;

    /// The first example of a dataset that is not needed any more.
    #[doc(hidden)]
    fn into_first(self) -> Self::Example
    where
        Self: Sized,
    {
        self.get(0)
    }

    /// Whether there is no example.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The example in the epoch of this seed. It is [`get`](Self::get) except for datasets that draw random numbers, such as those
    /// of [`map_random`](Self::map_random), and for those that contain one, which pass the seed on: a dataset of your own that
    /// contains another one and has only `get` draws the same numbers in each epoch.
    fn get_in_epoch(&self, index: usize, _seed: u64) -> Self::Example {
        self.get(index)
    }

    /// The batch of the examples of these indices, in this order. An index may occur more than once.
    fn batch<const B: usize>(&self, indices: &[usize; B]) -> Batched<Self, B> {
        self.batch_in_epoch(indices, 0)
    }

    /// The [`batch`](Self::batch) in the epoch of this seed, which a loader takes. A dataset that can make a batch faster than
    /// from its examples overrides this method.
    fn batch_in_epoch<const B: usize>(&self, indices: &[usize; B], seed: u64) -> Batched<Self, B> {
        Self::Example::collate(indices.iter().map(|&index| self.get_in_epoch(index, seed)).collect())
    }

    /// Batches of `B` examples. PyTorch's `DataLoader(dataset, batch_size=B)`.
    // rustc shows the next line where the size is an argument.
    #[rustfmt::skip]
    fn batches<const B: usize>(self) -> DataLoader<Self, B> // `data.batches::<32>()`
    where
        Self: Sized,
    {
        DataLoader::new(self)
    }

    /// The examples, each changed by a function on demand.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// let inches = vec![1.0, 2.0].map(|x: f64| x * 2.54);
    /// assert_eq!(inches.get(1), 5.08);
    /// ```
    fn map<T: Collate, F: Fn(Self::Example) -> T>(self, f: F) -> Map<Self, F>
    where
        Self: Sized,
    {
        Map { dataset: self, f }
    }

    /// The examples, each changed at random on demand: augmentation.
    ///
    /// The generator that the function is given follows from the seed of the epoch and the index of the example. So an example
    /// differs between epochs, and is the same for any number of threads, any size of the batches, and when an
    /// epoch is [resumed](super::DataLoader::resume). Outside of a shuffled epoch, in [`get`](Self::get) and
    /// [`in_order`](super::DataLoader::in_order), it is that of the seed 0.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let noisy = vec![1.0, 2.0, 3.0].map_random(|x: f64, rng| x + 0.1 * rng.normal()).batches::<2>();
    /// let mut rng = Rng::seed(0);
    /// let first: Vec<_> = noisy.epoch(&mut rng).collect();
    /// let rest = noisy.resume(first[0].position).next().expect("a second batch");
    /// assert_eq!(rest.data, first[1].data); // to the bit
    /// assert_ne!(noisy.epoch(&mut rng).next().expect("a batch").data, first[0].data);
    /// ```
    fn map_random<T: Collate, F: Fn(Self::Example, &mut Rng) -> T>(self, f: F) -> MapRandom<Self, F>
    where
        Self: Sized,
    {
        MapRandom::new(self, f)
    }

    /// Mixes pairs of examples: λ x + (1 - λ) x', with the probability λ for the class of x and 1 - λ for that of x', where x' is drawn from
    /// all examples and λ from Beta(α, α), for each example of each epoch anew. torchvision's `v2.MixUp(alpha, num_classes=K)`, which
    /// draws one λ for a batch.
    ///
    /// In: examples `(Tensor<S>, i64)` or `(Tensor<S>, Tensor<()>)` with a class below `K`, or a `Result` of them, as from an
    /// `ImageFolder`. Out: `(Tensor<S>, Tensor<Rank1<K>>)` with the probabilities of
    /// the classes, which [`cross_entropy`](crate::Tensor::cross_entropy) takes. The draws are those of
    /// [`map_random`](Self::map_random).
    ///
    /// ```
    /// use typegrad::data::{Dataset, TensorDataset};
    /// use typegrad::prelude::*;
    /// let mut rng = Rng::seed(0);
    /// let data = TensorDataset::new(Tensor::<Rank2<40, 3>>::randn(&mut rng), Tensor::<Rank1<40>, i64>::zeros());
    /// let net = Linear::<3, 2>::new(&mut rng);
    /// for batch in data.mixup::<2>(0.2).batches::<16>().epoch(&mut rng) {
    ///     let (x, probabilities) = batch.data;
    ///     let _ = net.train(x).cross_entropy(&probabilities).backward();
    /// }
    /// ```
    ///
    /// # Panics
    /// If `alpha` is not positive, or, where an example is used, a class is not below `K`.
    #[track_caller]
    fn mixup<const K: usize>(self, alpha: f64) -> Mixup<Self, K>
    where
        Self: Sized,
        Self::Example: Mix,
    {
        Mixup::new(self, alpha)
    }

    /// The examples of these indices only. PyTorch's `Subset`.
    ///
    /// # Panics
    /// If an index is not below [`len`](Self::len).
    #[track_caller]
    fn subset(self, indices: Vec<usize>) -> Subset<Self>
    where
        Self: Sized,
    {
        if let Some(index) = indices.iter().find(|index| **index >= self.len()) {
            panic!("there is no example {index} in a dataset of {}", self.len());
        }
        Subset { dataset: self, indices }
    }

    /// Parts of these sizes, of examples in a random order. PyTorch's `random_split`.
    ///
    /// Sizes are numbers of examples, which add up to all of them, or shares, which add up to 1. A share is rounded down; what
    /// is left is given to the parts in turn, as in PyTorch.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let [train, test] = vec![1.0_f32; 103].random_split([0.8, 0.2], &mut Rng::seed(0));
    /// assert_eq!((train.len(), test.len()), (83, 20));
    /// let [train, test] = vec![1.0_f32; 103].random_split([100, 3], &mut Rng::seed(0));
    /// assert_eq!((train.len(), test.len()), (100, 3));
    /// ```
    ///
    /// # Panics
    /// If the sizes do not add up.
    #[track_caller]
    fn random_split<L: SplitSize, const N: usize>(
        self,
        sizes: [L; N],
        rng: &mut Rng,
    ) -> [Subset<Arc<Self>>; N]
    where
        Self: Sized,
    {
        let lengths = L::lengths(sizes, self.len());
        split::subsets(self, split::random(lengths, rng))
    }

    /// Parts of these sizes, each with the same share of each class. scikit-learn's `train_test_split(stratify=labels)`.
    ///
    /// The sizes are those of [`random_split`](Self::random_split). The examples of a class are split in proportion, each part
    /// rounded up or down. `labels` has the class of each example.
    ///
    /// ```
    /// use typegrad::data::{Dataset, TensorDataset};
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<100, 3>>::zeros();
    /// let y = Tensor::<Rank1<100>, i64>::from_fn(|i| i64::from(i < 10)); // one in ten is positive
    /// let (data, labels) = (TensorDataset::new(x, y.clone()), y.as_slice());
    /// let [train, test] = data.stratified_split([0.8, 0.2], labels, &mut Rng::seed(0));
    /// let positive = (0..test.len()).filter(|&i| test.get(i).1.item() == 1).count();
    /// assert_eq!((train.len(), test.len(), positive), (80, 20, 2));
    /// ```
    ///
    /// # Panics
    /// If the sizes do not add up, or there are not as many labels as examples.
    #[track_caller]
    fn stratified_split<L: SplitSize, K: Ord, const N: usize>(
        self,
        sizes: [L; N],
        labels: &[K],
        rng: &mut Rng,
    ) -> [Subset<Arc<Self>>; N]
    where
        Self: Sized,
    {
        let (lengths, classes) = (L::lengths(sizes, self.len()), split::classes(labels, self.len()));
        split::subsets(self, split::stratified(lengths, &classes, rng))
    }

    /// `k` pairs of a training set and a test set: each example is in the test set of one pair. scikit-learn's
    /// `KFold(k, shuffle=True)`.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// for (train, test) in vec![1.0_f32; 10].k_folds(5, &mut Rng::seed(0)) {
    ///     assert_eq!((train.len(), test.len()), (8, 2));
    /// }
    /// ```
    ///
    /// # Panics
    /// If `k` is less than 2 or more than the number of examples.
    #[track_caller]
    fn k_folds(self, k: usize, rng: &mut Rng) -> Vec<(Subset<Arc<Self>>, Subset<Arc<Self>>)>
    where
        Self: Sized,
    {
        split::folds(self, k, |len| split::random_folds(len, k, rng))
    }

    /// The same with the share of each class in each fold. scikit-learn's `StratifiedKFold(k, shuffle=True)`.
    ///
    /// # Panics
    /// If `k` is less than 2 or more than the number of examples, or there are not as many labels as examples.
    #[track_caller]
    fn stratified_k_folds<K: Ord>(
        self,
        k: usize,
        labels: &[K],
        rng: &mut Rng,
    ) -> Vec<(Subset<Arc<Self>>, Subset<Arc<Self>>)>
    where
        Self: Sized,
    {
        let classes = split::classes(labels, self.len());
        split::folds(self, k, |_| split::stratified_folds(&classes, k, rng))
    }
}

/// A batch of `B` examples of the dataset `D`, the last ones possibly padding, as a loader yields it.
pub type Padded<D, const B: usize> = <<D as Dataset>::Example as Collate>::Padded<B>;

/// A batch of `B` examples of the dataset `D`.
pub type Batched<D, const B: usize> = <<D as Dataset>::Example as Collate>::Batch<B>;

/// An example as a dataset. It is in the bounds of the following impls, so that a dataset is what they lack, of whatever
/// the example consists: rustc shows the text of a trait if all that is missing are impls of it.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct OneExample<T>(T); // `T: Collate`: a number, an array, a tensor, or a pair of them

#[doc(hidden)]
impl<T: Collate + Clone> Dataset for OneExample<T> {
    type Example = T;
    fn len(&self) -> usize {
        1
    }
    fn get(&self, _: usize) -> T {
        self.0.clone()
    }
    fn into_first(self) -> T {
        self.0
    }
}

impl<T: Clone> Dataset for [T]
where
    OneExample<T>: Dataset,
{
    type Example = <OneExample<T> as Dataset>::Example;
    fn len(&self) -> usize {
        <[T]>::len(self)
    }
    fn get(&self, index: usize) -> Self::Example {
        OneExample(self[index].clone()).into_first()
    }
}

impl<T: Clone> Dataset for Vec<T>
where
    OneExample<T>: Dataset,
{
    type Example = <OneExample<T> as Dataset>::Example;
    fn len(&self) -> usize {
        Vec::len(self)
    }
    fn get(&self, index: usize) -> Self::Example {
        OneExample(self[index].clone()).into_first()
    }
}

impl<T: Clone, const N: usize> Dataset for [T; N]
where
    OneExample<T>: Dataset,
{
    type Example = <OneExample<T> as Dataset>::Example;
    fn len(&self) -> usize {
        N
    }
    fn get(&self, index: usize) -> Self::Example {
        OneExample(self[index].clone()).into_first()
    }
}

macro_rules! impl_pointer {
    ($($pointer:ty),*) => { $(
        impl<D: Dataset + ?Sized> Dataset for $pointer {
            type Example = D::Example;
            fn len(&self) -> usize {
                D::len(self)
            }
            fn get(&self, index: usize) -> D::Example {
                D::get(self, index)
            }
            fn get_in_epoch(&self, index: usize, seed: u64) -> D::Example {
                D::get_in_epoch(self, index, seed)
            }
            fn batch_in_epoch<const B: usize>(&self, indices: &[usize; B], seed: u64) -> Batched<D, B> {
                D::batch_in_epoch(self, indices, seed)
            }
        }
    )* };
}
impl_pointer!(&D, Arc<D>);

/// The dataset of [`map`](Dataset::map).
#[derive(Clone, Debug)]
pub struct Map<D, F> {
    dataset: D,
    f: F,
}

impl<D: Dataset, T: Collate, F: Fn(D::Example) -> T> Dataset for Map<D, F> {
    type Example = T;
    fn len(&self) -> usize {
        self.dataset.len()
    }
    fn get(&self, index: usize) -> T {
        (self.f)(self.dataset.get(index))
    }
    fn get_in_epoch(&self, index: usize, seed: u64) -> T {
        (self.f)(self.dataset.get_in_epoch(index, seed))
    }
}

/// The dataset of [`subset`](Dataset::subset).
#[derive(Clone, Debug)]
pub struct Subset<D> {
    dataset: D,
    indices: Vec<usize>,
}

impl<D> Subset<D> {
    /// The indices of its examples in the whole dataset.
    #[must_use]
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    pub(super) fn unchecked(dataset: D, indices: Vec<usize>) -> Self {
        Subset { dataset, indices }
    }
}

impl<D: Dataset> Dataset for Subset<D> {
    type Example = D::Example;
    fn len(&self) -> usize {
        self.indices.len()
    }
    fn get(&self, index: usize) -> D::Example {
        self.dataset.get(self.indices[index])
    }
    fn get_in_epoch(&self, index: usize, seed: u64) -> D::Example {
        self.dataset.get_in_epoch(self.indices[index], seed)
    }
    fn batch_in_epoch<const B: usize>(&self, indices: &[usize; B], seed: u64) -> Batched<D, B> {
        self.dataset.batch_in_epoch(&indices.map(|index| self.indices[index]), seed)
    }
}
