//! Examples by number.

use super::{Collate, DataLoader};
use std::sync::Arc;

/// Examples that are numbered from 0. PyTorch's `Dataset`.
///
/// Slices, vectors and arrays of examples are, and [`TensorDataset`](super::TensorDataset), whose examples are rows of
/// tensors. A program implements it for what is computed or read when it is needed:
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
pub trait Dataset {
    /// One example: a pair `(input, target)`, or anything else that can be put into a batch. Where an example may
    /// be missing, it is a `Result`.
    type Example: Collate;

    /// The number of examples.
    fn len(&self) -> usize;

    /// The example of a number below [`len`](Self::len).
    fn get(&self, index: usize) -> Self::Example;

    /// Whether there is no example.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The batch of the examples of these numbers, in this order. A number may be there more than once.
    fn batch<const B: usize>(&self, indices: &[usize; B]) -> Batched<Self, B> {
        Self::Example::collate(indices.iter().map(|&index| self.get(index)).collect())
    }

    /// Batches of `B` examples. PyTorch's `DataLoader(dataset, batch_size=B)`.
    fn batches<const B: usize>(self) -> DataLoader<Self, B>
    where
        Self: Sized,
    {
        DataLoader::new(self)
    }

    /// The examples, each changed by a function when it is needed.
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

    /// The examples of these numbers only. PyTorch's `Subset`.
    ///
    /// # Panics
    /// If one of the numbers is not below [`len`](Self::len).
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
}

/// A batch of `B` examples of the dataset `D`, of which the last may be padding: what a loader yields.
pub type Padded<D, const B: usize> = <<D as Dataset>::Example as Collate>::Padded<B>;

/// A batch of `B` examples of the dataset `D`.
pub type Batched<D, const B: usize> = <<D as Dataset>::Example as Collate>::Batch<B>;

impl<T: Collate + Clone> Dataset for [T] {
    type Example = T;
    fn len(&self) -> usize {
        <[T]>::len(self)
    }
    fn get(&self, index: usize) -> T {
        self[index].clone()
    }
}

impl<T: Collate + Clone> Dataset for Vec<T> {
    type Example = T;
    fn len(&self) -> usize {
        Vec::len(self)
    }
    fn get(&self, index: usize) -> T {
        self[index].clone()
    }
}

impl<T: Collate + Clone, const N: usize> Dataset for [T; N] {
    type Example = T;
    fn len(&self) -> usize {
        N
    }
    fn get(&self, index: usize) -> T {
        self[index].clone()
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
            fn batch<const B: usize>(&self, indices: &[usize; B]) -> Batched<D, B> {
                D::batch(self, indices)
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
}

/// The dataset of [`subset`](Dataset::subset).
#[derive(Clone, Debug)]
pub struct Subset<D> {
    dataset: D,
    indices: Vec<usize>,
}

impl<D: Dataset> Dataset for Subset<D> {
    type Example = D::Example;
    fn len(&self) -> usize {
        self.indices.len()
    }
    fn get(&self, index: usize) -> D::Example {
        self.dataset.get(self.indices[index])
    }
    fn batch<const B: usize>(&self, indices: &[usize; B]) -> Batched<D, B> {
        self.dataset.batch(&indices.map(|index| self.indices[index]))
    }
}
