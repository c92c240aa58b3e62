//! A run-time number of rows of one shape, such as the contents of a file.

use super::{Batched, Dataset};
use crate::element::Element;
use crate::error_format::debug_as_display;
use crate::shape::{Axis, Const, InsertAxis, Law, SameCount, Shape};
use crate::storage::Storage;
use crate::tensor::{Makes, Tensor, WrongLength, without_order};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;

/// A number of rows of shape `S`, which is not in the type. A dataset whose examples are the rows.
///
/// ```
/// use typegrad::data::TensorRows;
/// use typegrad::prelude::*;
/// let rows = TensorRows::<Rank1<2>>::try_from(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// assert_eq!(rows.len(), 3);
/// let x: Tensor<Rank2<3, 2>> = rows.to_tensor()?; // here the number is checked
/// assert_eq!(x, Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
/// # Ok::<(), typegrad::data::WrongLength>(())
/// ```
pub struct TensorRows<S, E = f32> {
    data: Storage<E>,
    len: usize,
    shape: PhantomData<fn() -> S>,
}

impl<S: Shape, E: Element> TensorRows<S, E> {
    pub(super) fn new(data: Storage<E>, len: usize) -> Self {
        TensorRows { data, len, shape: PhantomData }
    }

    #[cfg(feature = "npz")]
    pub(super) fn into_storage(self) -> Storage<E> {
        self.data
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The elements of all rows, in row-major order.
    #[must_use]
    pub fn as_slice(&self) -> &[E] {
        self.data.as_slice()
    }

    /// The elements of one row. PyTorch's `x[i]`.
    ///
    /// # Panics
    /// If the index is not below the number of rows.
    #[must_use]
    #[track_caller]
    pub fn row(&self, index: usize) -> &[E] {
        assert!(index < self.len, "row {index} is out of range: the tensor has {} rows", self.len);
        &self.as_slice()[index * S::NUMEL..][..S::NUMEL]
    }

    /// The rows with each element changed, such as bytes to numbers from 0 to 1.
    pub fn map_elements<T: Element>(&self, mut f: impl FnMut(E) -> T) -> TensorRows<S, T> {
        TensorRows::new(Storage::from_fn(self.data.len(), |i| f(self.as_slice()[i])), self.len)
    }

    /// The same rows under another shape with as many elements; that is checked when the program is built.
    #[must_use]
    pub fn reshape<T: Shape>(self) -> TensorRows<T, E> {
        let () = SameCount::<S, T>::HOLDS;
        TensorRows::new(self.data, self.len)
    }

    /// The rows at these indices, copied, for example those of a fold. NumPy's `x[indices]`, pandas'
    /// `df.iloc[indices]`.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let rows = TensorRows::<Rank1<2>>::try_from(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    /// assert_eq!(rows.select(&[2, 0]).as_slice(), [5.0, 6.0, 1.0, 2.0]);
    /// # Ok::<(), typegrad::data::WrongLength>(())
    /// ```
    ///
    /// # Panics
    /// If an index is not below the number of rows.
    #[must_use]
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Self {
        if let Some(index) = indices.iter().find(|index| **index >= self.len) {
            panic!("the index {index} is not below the number of rows, {}", self.len);
        }
        let mut data = Storage::filled(indices.len() * S::NUMEL, E::default());
        if S::NUMEL > 0 {
            for (out, &index) in data.make_mut().chunks_exact_mut(S::NUMEL).zip(indices) {
                out.copy_from_slice(self.row(index));
            }
        }
        TensorRows::new(data, indices.len())
    }

    /// The first `count` rows and the others, copied.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    #[track_caller]
    pub fn split_at(&self, count: usize) -> (Self, Self) {
        assert!(count <= self.len, "{count} rows of {} cannot be split off", self.len);
        let (first, rest) = self.as_slice().split_at(count * S::NUMEL);
        (
            TensorRows::new(Storage::from_slice(first), count),
            TensorRows::new(Storage::from_slice(rest), self.len - count),
        )
    }

    /// All rows as one tensor that shares the memory.
    ///
    /// # Errors
    /// If there are not as many rows as the type says.
    pub fn to_tensor<const N: usize>(&self) -> Result<Tensor<S::Inserted<Const<N>>, E>, WrongLength>
    where
        S: InsertAxis<0>,
    {
        if self.len == N {
            Ok(Tensor::constant(self.data.clone()))
        } else {
            Err(WrongLength { shape: S::Inserted::<Const<N>>::SIZES, given: self.data.len(), rows: false })
        }
    }

    /// The rows of these numbers as one tensor: one allocation.
    pub(super) fn gather<const B: usize, T: Shape>(&self, indices: &[usize; B]) -> Tensor<T, E> {
        let mut data = Storage::filled(B * S::NUMEL, E::default());
        let out = data.make_mut();
        if S::NUMEL > 0 {
            for (out, &index) in out.chunks_exact_mut(S::NUMEL).zip(indices) {
                out.copy_from_slice(self.row(index));
            }
        }
        Tensor::constant(data)
    }
}

/// An index of rows in brackets. No type is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "rows are not indexed by brackets: the elements of one are `rows.row(i)`",
    label = "an index in brackets",
    note = "`rows.select(&[0, 2])` copies some rows, `rows.split_at(8)` those before and after one, `rows.to_tensor::<8>()?` is a tensor of 8"
)]
pub trait RowInBrackets {
    type Output: ?Sized;
}

#[doc(hidden)]
impl<S, E, I: RowInBrackets> Index<I> for TensorRows<S, E> {
    type Output = I::Output;
    fn index(&self, _: I) -> &I::Output {
        unreachable!("no index is in brackets")
    }
}

/// Rows of shape `S` in a loop: as `PartsOf` of a tensor.
#[doc(hidden)]
#[derive(Debug)]
pub struct RowsOf<S>(PhantomData<S>);

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a loop is over the elements of rows, or over their indices, and not over the rows",
    label = "rows in a loop",
    note = "write `for i in 0..rows.len()` and `rows.row(i)`, a slice; `rows.as_slice()` has the elements of all rows",
    note = "batches are `for batch in rows.batches::<32>().in_order()`"
)]
pub trait HasOrder {
    type Part;
}
without_order!(RowsOf<S>: HasOrder; [S, E] TensorRows<S, E>, [S, E] &TensorRows<S, E>);

/// A tensor has rows along its first axis. The memory is shared.
impl<S: Axis<0>, E: Element> From<Tensor<S, E>> for TensorRows<S::Removed, E> {
    fn from(tensor: Tensor<S, E>) -> Self {
        TensorRows::new(tensor.data, S::SIZES[0])
    }
}

/// All rows, whose number [`TryFrom`] finds, and `from` would not check.
#[doc(hidden)]
#[derive(Debug)]
pub enum WholeRows {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `{Wanted}` becomes rows by `try_from`, which counts them; given: a `{Given}`",
    label = "not `try_from` of a `{Wanted}`",
    note = "write `TensorRows::<Rank1<2>>::try_from(v)?`, with the shape of one row, of a `Vec` or a slice `&v[..]` of all elements in order",
    note = "other elements are converted: `v.iter().map(|x| *x as f32).collect::<Vec<_>>()`; rows of an array, `TensorRows::from(Tensor::from(a))`"
)]
pub trait RowsFrom<Given, Wanted> {}

// One line each: rustc shows them in errors.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E, T> From<Vec<T>> for TensorRows<S, E> where WholeRows: RowsFrom<Vec<T>, Vec<E>> {
    fn from(_: Vec<T>) -> Self { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<'a, S, E: 'a, T> From<&'a Vec<T>> for TensorRows<S, E> where WholeRows: RowsFrom<&'a Vec<T>, &'a [E]> {
    fn from(_: &'a Vec<T>) -> Self { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<'a, S, E: 'a, T> From<&'a [T]> for TensorRows<S, E> where WholeRows: RowsFrom<&'a [T], &'a [E]> {
    fn from(_: &'a [T]) -> Self { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, E, A, const N: usize> From<[A; N]> for TensorRows<S, E> where WholeRows: RowsFrom<[A; N], Vec<E>> {
    fn from(_: [A; N]) -> Self { unreachable!() }
}

// As `Tensor::try_from`.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> TensorRows<S, E> {
    pub fn try_from<A: Makes<Self, Error = R>, R>(x: A) -> Result<Self, R> { x.make() }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> TryFrom<&[E]> for TensorRows<S, E> {
    type Error = WrongLength;
    /// The elements of all rows, in row-major order, copied.
    fn try_from(elements: &[E]) -> Result<Self, WrongLength> {
        if S::NUMEL == 0 || !elements.len().is_multiple_of(S::NUMEL) {
            return Err(WrongLength { shape: S::SIZES, given: elements.len(), rows: true });
        }
        Ok(TensorRows::new(Storage::from_slice(elements), elements.len() / S::NUMEL))
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> TryFrom<Vec<E>> for TensorRows<S, E> {
    type Error = WrongLength;
    fn try_from(elements: Vec<E>) -> Result<Self, WrongLength> {
        TensorRows::try_from(elements.as_slice())
    }
}

impl<S: InsertAxis<0>, E: Element> Dataset for TensorRows<S, E> {
    type Example = Tensor<S, E>;
    fn len(&self) -> usize {
        self.len
    }
    fn get(&self, index: usize) -> Tensor<S, E> {
        Tensor::constant(Storage::from_slice(self.row(index)))
    }
    fn batch_in_epoch<const B: usize>(&self, indices: &[usize; B], _: u64) -> Batched<Self, B> {
        self.gather(indices)
    }
}

impl<S, E> Clone for TensorRows<S, E> {
    fn clone(&self) -> Self {
        TensorRows { data: self.data.clone(), len: self.len, shape: PhantomData }
    }
}

impl<S: Shape, E: Element> fmt::Debug for TensorRows<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {} {:?}", self.len, E::DTYPE, S::SIZES)
    }
}

impl<S: Shape, E: Element> PartialEq for TensorRows<S, E> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.as_slice() == other.as_slice()
    }
}

/// Whole tensors as a dataset: example `i` is row `i` of both. PyTorch's `TensorDataset`.
///
/// A batch is copied out of the tensors, one allocation for each tensor. Cloning it shares the memory.
///
/// ```
/// use typegrad::data::{Batch, Dataset, TensorDataset};
/// use typegrad::prelude::*;
/// let mut rng = Rng::seed(0);
/// let x = Tensor::<Rank2<70, 3>>::randn(&mut rng);
/// let y = Tensor::<Rank1<70>, i64>::from_fn(|i| i64::from(x.as_slice()[3 * i] > 0.0));
/// let train = TensorDataset::new(x, y).batches::<32>();
///
/// let mut net = Linear::<3, 2>::new(&mut rng);
/// let mut adam = Adam::new(0.1);
/// for _ in 0..20 {
///     for Batch { data: (x, y), .. } in train.epoch(&mut rng).full() {
///         net.zero_grad();
///         net.train(x).cross_entropy(&y).backward();
///         adam.step(&mut net);
///     }
/// }
/// ```
pub struct TensorDataset<S, E, T, L> {
    inputs: TensorRows<S, E>,
    targets: TensorRows<T, L>,
}

/// There are not as many inputs as targets.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{inputs} inputs, but {targets} targets")]
pub struct DifferentLengths {
    /// The number of inputs.
    pub inputs: usize,
    /// The number of targets.
    pub targets: usize,
}

debug_as_display!(DifferentLengths);

impl<S: Shape, E: Element, T: Shape, L: Element> TensorDataset<S, E, T, L> {
    /// Inputs `[N, ..]` and targets `[N, ..]`. The memory is shared.
    pub fn new<X, Y>(inputs: Tensor<X, E>, targets: Tensor<Y, L>) -> Self
    where
        X: Axis<0, Removed = S>,
        Y: Axis<0, Removed = T, Dim = X::Dim>,
    {
        TensorDataset { inputs: inputs.into(), targets: targets.into() }
    }

    /// Inputs and targets whose number is known when the program runs.
    ///
    /// # Errors
    /// If there are not as many inputs as targets.
    pub fn from_rows(inputs: TensorRows<S, E>, targets: TensorRows<T, L>) -> Result<Self, DifferentLengths> {
        if inputs.len() == targets.len() {
            Ok(TensorDataset { inputs, targets })
        } else {
            Err(DifferentLengths { inputs: inputs.len(), targets: targets.len() })
        }
    }

    /// All inputs.
    #[must_use]
    pub fn inputs(&self) -> &TensorRows<S, E> {
        &self.inputs
    }

    /// All targets.
    #[must_use]
    pub fn targets(&self) -> &TensorRows<T, L> {
        &self.targets
    }

    /// The examples at these indices, copied: `data.select(fold.indices())` has statistics, which a
    /// [`Subset`](super::Subset) does not have.
    ///
    /// ```
    /// use typegrad::data::{Dataset, TensorDataset};
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let data = TensorDataset::new(Tensor::<Rank2<50, 3>>::randn(rng), Tensor::<Rank1<50>>::randn(rng));
    /// for (train, test) in data.clone().k_folds(5, rng) {
    ///     let (train, test) = (data.select(train.indices()), data.select(test.indices()));
    ///     let (mean, std) = (train.inputs().mean(), train.inputs().std());
    ///     let (train, test) = (train.standardize(&mean, &std), test.standardize(&mean, &std));
    ///     assert_eq!((train.len(), test.len()), (40, 10));
    /// }
    /// ```
    ///
    /// # Panics
    /// If an index is not below the number of examples.
    #[must_use]
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Self {
        TensorDataset { inputs: self.inputs.select(indices), targets: self.targets.select(indices) }
    }

    /// The same targets with other inputs, as many as before.
    pub(super) fn with_inputs(&self, inputs: TensorRows<S, E>) -> Self {
        TensorDataset { inputs, targets: self.targets.clone() }
    }

    /// The first `count` examples and the others, copied.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    #[track_caller]
    pub fn split_at(&self, count: usize) -> (Self, Self) {
        let (inputs, more_inputs) = self.inputs.split_at(count);
        let (targets, more_targets) = self.targets.split_at(count);
        (TensorDataset { inputs, targets }, TensorDataset { inputs: more_inputs, targets: more_targets })
    }
}

impl<S: InsertAxis<0>, E: Element, T: InsertAxis<0>, L: Element> Dataset for TensorDataset<S, E, T, L> {
    type Example = (Tensor<S, E>, Tensor<T, L>);
    fn len(&self) -> usize {
        self.inputs.len()
    }
    fn get(&self, index: usize) -> Self::Example {
        (self.inputs.get(index), self.targets.get(index))
    }
    fn batch_in_epoch<const B: usize>(&self, indices: &[usize; B], _: u64) -> Batched<Self, B> {
        (self.inputs.gather(indices), self.targets.gather(indices))
    }
}

impl<S, E, T, L> Clone for TensorDataset<S, E, T, L> {
    fn clone(&self) -> Self {
        TensorDataset { inputs: self.inputs.clone(), targets: self.targets.clone() }
    }
}

impl<S: Shape, E: Element, T: Shape, L: Element> fmt::Debug for TensorDataset<S, E, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} with {:?}", self.inputs, self.targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2};

    #[test]
    fn a_number_of_elements_that_is_not_that_of_rows_is_an_error() {
        let error =
            |given: usize| TensorRows::<Rank1<3>>::try_from(vec![1.0; given]).unwrap_err().to_string();
        assert_eq!(error(7), "a row of shape [3] has 3 elements, and 7 is not a multiple of 3");
        assert_eq!(error(1), "a row of shape [3] has 3 elements, and 1 is not a multiple of 3");
        assert_eq!(TensorRows::<Rank1<3>>::try_from(&[1.0; 6][..]).unwrap().len(), 2);
        let error = TensorRows::<Rank2<0, 3>>::try_from(vec![1.0; 3]).unwrap_err();
        assert_eq!(error.to_string(), "rows of shape [0, 3] have no elements, and cannot be counted");
        let error = TensorRows::<Rank1<3>>::try_from(vec![1.0; 6]).unwrap().to_tensor::<3>().unwrap_err();
        assert_eq!(error.to_string(), "a tensor of shape [3, 3] has 9 elements, but 6 were given");
    }
}
