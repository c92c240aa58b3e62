//! Networks that run on any number of rows.

use super::TensorRows;
use crate::element::{Element, Float};
use crate::graph::InputOf;
use crate::nn::{ElementIs, Forward, Module, ShapeIs, WhereItFits};
use crate::shape::{Axis, Const, Dim, InsertAxis, Is, Law, Shape, number_law};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::fmt;

number_law!(Elements: |n| n > 0, "argmax needs rows of at least one element");

number_law!(ChunkHasRows: |n| n > 0, "a chunk needs at least one row");

/// Rows in chunks of `B`, the batch size of a network. [`TensorRows::chunks`] makes them.
pub struct RowChunks<'r, S, E, const B: usize> {
    rows: &'r TensorRows<S, E>,
}

impl<S, E, const B: usize> Clone for RowChunks<'_, S, E, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, E, const B: usize> Copy for RowChunks<'_, S, E, B> {}

impl<S: Shape, E: Element, const B: usize> fmt::Debug for RowChunks<'_, S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {B} at a time", self.rows)
    }
}

impl<S: Shape, E: Element> TensorRows<S, E> {
    /// The rows in chunks of `B`, for [`infer_rows`](InferRows::infer_rows).
    #[must_use]
    pub fn chunks<const B: usize>(&self) -> RowChunks<'_, S, E, B> {
        let () = ChunkHasRows::<B>::HOLDS;
        RowChunks { rows: self }
    }
}

/// Rows that are given in batches of a constant size. Only [`RowChunks`] are.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`infer_rows` takes rows in chunks, and this is `{Self}`",
    label = "not in chunks",
    note = "the size of a chunk is the batch of the network: `net.infer_rows(rows.chunks::<32>())`; a tensor is a batch, `net.infer(x)`"
)]
pub trait InChunks {
    type Batch: Shape;
    type Element: Element;
    type Size: Dim;
    fn num_rows(&self) -> usize;
    /// The chunk that starts with the row `first`.
    fn chunk(&self, first: usize) -> Tensor<Self::Batch, Self::Element>;
}

#[diagnostic::do_not_recommend]
impl<S: InsertAxis<0>, E: Element, const B: usize> InChunks for RowChunks<'_, S, E, B> {
    type Batch = S::Inserted<Const<B>>;
    type Element = E;
    type Size = Const<B>;
    fn num_rows(&self) -> usize {
        self.rows.len()
    }
    fn chunk(&self, first: usize) -> Tensor<Self::Batch, E> {
        let indices: [usize; B] = std::array::from_fn(|row| (first + row).min(self.rows.len() - 1));
        self.rows.gather(&indices)
    }
}

/// The rows of the output of a network `L` that takes the shape `S` and elements `I`, where the chunks `C` fit.
pub type InferredRows<L, C, S, E, I> = <<C as InChunks>::Element as ElementIs<I>>::Then<
    WhereItFits<<C as InChunks>::Batch, S, OutputOf<L, S, E, I>, RowsOf<OutputOf<L, S, E, I>, E>>,
>;

type OutputOf<L, S, E, I> = <L as Forward<S, E, I>>::Output;

/// The rows of a batch of shape `S`.
type RowsOf<S, E> = TensorRows<<S as Axis<0>>::Removed, E>;

/// Inference over rows whose number is known when the program runs. It is implemented for all networks.
pub trait InferRows: Module + Sized {
    /// Runs the network on rows, `B` at a time, as [`infer`](Forward::infer) does on one batch.
    ///
    /// In: rows of shape `S`, where the network takes `[B, S..]`. Out: as many rows of the shape of its output without the axis of
    /// the batch. The last chunk is padded with copies of its last row, whose results are dropped. A padded chunk takes as long as
    /// a full one, so use `chunks::<1>()` for one row and larger chunks for many.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let net = <(Linear<2, 8>, Relu, Linear<8, 3>)>::new(&mut Rng::seed(0));
    /// let request = TensorRows::<Rank1<2>>::try_from(vec![0.5; 2 * 37])?; // 37 rows
    /// let scores = net.infer_rows(request.chunks::<16>());
    /// assert_eq!(scores.len(), 37);
    /// let classes = scores.argmax();
    /// assert_eq!(classes.as_slice()[36], classes.as_slice()[0]);
    /// # Ok::<(), typegrad::data::WrongLength>(())
    /// ```
    // Bounds in the first line: the signature has five lines in the documentation.
    fn infer_rows<
        S: Shape,
        E: Element,
        I: InputOf<E>,
        C: InChunks<Element: ElementIs<I>, Batch: ShapeIs<S>>,
    >(
        &self,
        chunks: C,
    ) -> InferredRows<Self, C, S, E, I>
    where
        Self: Forward<S, E, I, Output: Axis<0, Dim = C::Size>>,
    {
        let (rows, size) = (chunks.num_rows(), C::Size::SIZE);
        let numel = <<OutputOf<Self, S, E, I> as Axis<0>>::Removed as Shape>::NUMEL;
        let mut out = Storage::filled(rows * numel, E::default());
        let elements = out.make_mut();
        for first in (0..rows).step_by(size) {
            let y = Forward::<S, E, I>::infer(self, chunks.chunk(first));
            let real = (rows - first).min(size) * numel;
            elements[first * numel..][..real].copy_from_slice(&y.as_slice()[..real]);
        }
        Is::of(Is::of(TensorRows::new(out, rows)))
    }
}

impl<M: Module> InferRows for M {}

impl<const K: usize, E: Float> TensorRows<(Const<K>,), E> {
    /// The index of the largest element of each row: the class with the highest score. Of equal elements it is the first, and NaN is
    /// the largest. PyTorch's `scores.argmax(-1)`.
    ///
    /// ```
    /// use typegrad::data::TensorRows;
    /// use typegrad::prelude::*;
    /// let scores = TensorRows::from(Tensor::from([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0]]));
    /// assert_eq!(scores.argmax().as_slice(), [1, 0]);
    /// ```
    #[must_use]
    pub fn argmax(&self) -> TensorRows<(), i64> {
        let () = Elements::<K>::HOLDS;
        let largest = |row: &[E]| {
            let better = |best: usize, i: usize| {
                let is_larger = row[i] > row[best] || row[i].is_nan() && !row[best].is_nan();
                if is_larger { i } else { best }
            };
            (1..K).fold(0, better) as i64
        };
        TensorRows::new(Storage::from_fn(self.len(), |i| largest(self.row(i))), self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn rows_are_those_of_one_batch_whatever_their_number() {
        let rng = &mut Rng::seed(0);
        let net = <(Linear<3, 5>, BatchNorm1d<5>, Relu, Dropout, Linear<5, 2>)>::new(rng);
        let all = Tensor::<Rank2<19, 3>>::randn(rng);
        let want = net.infer(all.clone());
        let rows = TensorRows::from(all);
        for len in [0, 1, 3, 4, 5, 8, 19] {
            let (some, _) = rows.split_at(len);
            let four = net.infer_rows(some.chunks::<4>());
            let one = net.infer_rows(some.chunks::<1>());
            assert_eq!((four.len(), one.len()), (len, len));
            for (i, want) in want.as_slice()[..2 * len].iter().enumerate() {
                assert!((four.as_slice()[i] - want).abs() < 1e-6 && (one.as_slice()[i] - want).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn inputs_may_be_indices_and_rows_may_have_axes() {
        let rng = &mut Rng::seed(0);
        let words = Embedding::<10, 4>::new(rng);
        let tokens = Tensor::<Rank2<7, 3>, i64>::from_fn(|i| i as i64 % 10);
        let rows: TensorRows<Rank2<3, 4>> = words.infer_rows(TensorRows::from(tokens.clone()).chunks::<2>());
        assert_eq!(rows.to_tensor::<7>().unwrap(), words.infer(tokens));
    }

    #[test]
    fn argmax_is_that_of_the_tensor() {
        let nan = f64::NAN;
        let x = Tensor::from([[1.0, 3.0, 3.0], [nan, 9.0, nan], [2.0, nan, 5.0], [-1.0, -2.0, -0.5]]);
        assert_eq!(TensorRows::from(x.clone()).argmax().as_slice(), x.argmax_axis::<-1>().as_slice());
    }
}
