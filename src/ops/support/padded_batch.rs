//! Operations on a [`PaddedBatch`]: row by row, and reduced over its real rows.

use crate::element::{Element, Float, Numeric};
use crate::graph::{Context, Flow, Graph, LogSoftmaxAlong, OfReduction, OfSoftmax, Pullback, Waiting};
use crate::kernel::loss::{RealRows, Reduce, Reduction};
use crate::kernel::reduce::nonzero::count;
use crate::ops::index::narrow::Range;
use crate::ops::support::not_empty::NotEmptyAlong;
use crate::ops::support::results::{Rearranged, Unary};
use crate::ops::{
    LogSoftmaxBackward, MeanAxisBackward, NarrowBackward, ReshapeBackward, SoftmaxBackward, SumAxisBackward,
};
use crate::shape::{Axis, Const, Dim, HasAxis, Law, Shape, SizeOne};
use crate::storage::Storage;
use crate::tensor::{AfterRows, Elements, KeepsRows, PaddedBatch, RowsOf, Tensor};

/// The kind of a reduction along the axis `I`.
type ReducedAt<S, const I: isize> = OfReduction<<S as HasAxis<I>>::AxisPosition>;

/// The backward pass of a mean or sum over the real rows, which is 0 in the padding.
pub struct RealRowsBackward {
    reduce: Reduce,
}

impl<S: Shape, E: Float> Pullback<S, (), E> for RealRowsBackward {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<S, E> {
        let (g, real) = (grad.item() * self.reduce.scale(), self.reduce.rows.part(S::NUMEL));
        Tensor::constant(Storage::from_fn(S::NUMEL, |i| if i < real { g } else { E::zero() }))
    }
}

impl<S, E, C, F> PaddedBatch<Tensor<S, E, Graph<C, F>>>
where
    S: Axis<0>,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    fn reduced(self, reduction: Reduction) -> Unary<S, E, C, F, (), RealRowsBackward> {
        let rows = RealRows { real: self.num_real_rows(), of: <S::Dim as Dim>::SIZE };
        let reduce = Reduce::new(reduction, rows);
        let (x, flow) = self.with_padding().into_waiting();
        let elements = x.as_slice();
        let value = reduce.values(S::NUMEL, |i| elements[i]);
        Tensor::from_parts(value, Waiting::into_inner(flow).then(|| RealRowsBackward { reduce }))
    }

    /// The mean over all elements of the real rows, such as of losses that were computed row by row.
    ///
    /// In: a batch `[B, ..]`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let means = vec![1.0_f64, 2.0, 6.0].batches::<2>().in_order().map(|batch| batch.data.mean().item());
    /// assert_eq!(means.collect::<Vec<f64>>(), [1.5, 6.0]);
    /// ```
    pub fn mean(self) -> Unary<S, E, C, F, (), RealRowsBackward> {
        self.reduced(Reduction::Over(S::NUMEL as f64))
    }

    /// The sum over all elements of the real rows.
    ///
    /// In: a batch `[B, ..]`. Out: a scalar.
    pub fn sum(self) -> Unary<S, E, C, F, (), RealRowsBackward> {
        self.reduced(Reduction::Sum)
    }

    /// The [`sum_axis`](Tensor::sum_axis) of each row, along a later axis.
    pub fn sum_axis<const I: isize>(
        self,
    ) -> PaddedBatch<Unary<S, E, C, F, <S as HasAxis<I>>::RemovedAxis, SumAxisBackward, ReducedAt<S, I>>>
    where
        S: Axis<I, AxisPosition: AfterRows>,
    {
        self.rowwise(|x| x.sum_axis::<I>())
    }

    /// The [`mean_axis`](Tensor::mean_axis) of each row, along a later axis.
    pub fn mean_axis<const I: isize>(
        self,
    ) -> PaddedBatch<Unary<S, E, C, F, <S as HasAxis<I>>::RemovedAxis, MeanAxisBackward, ReducedAt<S, I>>>
    where
        S: Axis<I, AxisPosition: AfterRows>,
    {
        self.rowwise(|x| x.mean_axis::<I>())
    }

    /// The [`softmax`](Tensor::softmax) of each row, along a later axis.
    pub fn softmax<const I: isize>(self) -> PaddedBatch<Unary<S, E, C, F, S, SoftmaxBackward<E>, OfSoftmax>>
    where
        S: Axis<I, AxisPosition: AfterRows>,
    {
        self.rowwise(|x| x.softmax::<I>())
    }

    /// The [`log_softmax`](Tensor::log_softmax) of each row, along a later axis.
    pub fn log_softmax<const I: isize>(
        self,
    ) -> PaddedBatch<
        Unary<S, E, C, F, S, LogSoftmaxBackward<E>, LogSoftmaxAlong<<S as HasAxis<I>>::AxisPosition>>,
    >
    where
        S: Axis<I, AxisPosition: AfterRows>,
    {
        self.rowwise(|x| x.log_softmax::<I>())
    }
}

impl<S, E, C, F> PaddedBatch<Tensor<S, E, Graph<C, F>>>
where
    S: Axis<0>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The [`squeeze`](Tensor::squeeze) of each row, of a later axis.
    pub fn squeeze<const I: isize>(
        self,
    ) -> PaddedBatch<Rearranged<S, E, C, F, <S as HasAxis<I>>::RemovedAxis, ReshapeBackward>>
    where
        S: Axis<I, AxisDim: SizeOne, AxisPosition: AfterRows>,
    {
        self.rowwise(|x| x.squeeze::<I>())
    }

    /// The [`narrow`](Tensor::narrow) of each row, along a later axis, for example the inputs and the targets of sequences.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// for batch in vec![[3_i64, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]].batches::<2>().in_order() {
    ///     let input = batch.data.clone().narrow::<1, 0, 3>();
    ///     let target = batch.data.narrow::<1, 1, 3>();
    ///     assert_eq!(input.num_real_rows(), target.num_real_rows());
    /// }
    /// ```
    pub fn narrow<const I: isize, const START: usize, const LEN: usize>(
        self,
    ) -> PaddedBatch<
        Unary<
            S,
            E,
            C,
            F,
            <S as Axis<I>>::With<Const<LEN>>,
            NarrowBackward<Range<<S as HasAxis<I>>::AxisDim, I, START, LEN>>,
        >,
    >
    where
        S: Axis<I, AxisPosition: AfterRows>,
    {
        let () = Range::<<S as HasAxis<I>>::AxisDim, I, START, LEN>::HOLDS;
        self.rowwise(|x| x.narrow::<I, START, LEN>())
    }

    /// The [`argmax_axis`](Tensor::argmax_axis) of each row, along a later axis: the predicted classes.
    pub fn argmax_axis<const I: isize>(&self) -> PaddedBatch<Tensor<<S as HasAxis<I>>::RemovedAxis, i64>>
    where
        S: Axis<I, AxisPosition: AfterRows>,
        E: Numeric,
    {
        let () = NotEmptyAlong::<S, I>::HOLDS;
        self.value().rowwise(|x| x.argmax_axis::<I>())
    }

    /// Whether a = b, element-wise: a mask, as [`eq`](Tensor::eq).
    pub fn eq<R>(&self, other: R) -> PaddedBatch<Tensor<S, bool>>
    where
        R: RowsOf<PaddedBatch<Tensor<S, E>>, Inner: Elements<S, E>>,
        S: KeepsRows<S>,
    {
        let x = self.value();
        let rows = RealRows { real: self.num_real_rows(), of: <S::Dim as Dim>::SIZE };
        let other = other.into_inner(rows);
        x.rowwise(|a| {
            let b = other.elements();
            Tensor::from_fn(|i| a.as_slice()[i] == b[i])
        })
    }

    /// The number of elements of the real rows that are not zero, or are true. PyTorch's `count_nonzero`.
    ///
    /// ```
    /// use typegrad::data::{Batch, Dataset};
    /// use typegrad::prelude::*;
    /// let net = Linear::<2, 2>::new(&mut Rng::seed(0));
    /// let test = vec![([1.0_f32, 2.0], 1_i64); 5].batches::<2>();
    /// let mut right = 0;
    /// for Batch { data: (x, y), .. } in test.in_order() {
    ///     right += net.infer(x).argmax_axis::<-1>().eq(&y).count_nonzero().item();
    /// }
    /// assert!(right == 0 || right == 5);
    /// ```
    pub fn count_nonzero(&self) -> Tensor<(), i64> {
        Tensor::from(count(self.real_elements()))
    }
}

impl<S: Axis<0>, C: Context, F: Flow<S, bool>> PaddedBatch<Tensor<S, bool, Graph<C, F>>> {
    /// How many elements of the real rows are true: [`count_nonzero`](Self::count_nonzero). PyTorch's `sum()` of a mask.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// let batches = vec![1_i64, 2, 2].batches::<2>();
    /// let twos = batches.in_order().map(|batch| batch.data.eq(&batch.data.clone().map(|x| x.zeros_like() + 2)).sum().item());
    /// assert_eq!(twos.collect::<Vec<_>>(), [1, 1]);
    /// ```
    pub fn sum(&self) -> Tensor<(), i64> {
        self.count_nonzero()
    }
}
