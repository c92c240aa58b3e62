//! Batches of a constant size of which some rows are padding.
//!
//! The first n of B rows are real. Row-wise computations keep them; reductions are over real rows only.

use super::{Computed, Tensor};
use crate::element::Element;
use crate::graph::{AsBefore, Chain, Context, Flow, Graph, Nil, Pullback, SharedInput, UseTwiceInsideShared};
use crate::kernel::loss::RealRows;
use crate::shape::{Axis, Const, Dim, Shape};

/// A batch of B rows along the first axis, of which the first n are real. The others are padding, which losses, metrics and
/// reductions do not count.
///
/// A [`DataLoader`](crate::data::DataLoader) yields it: n is B, except in the last batch of an epoch. It is not a
/// [`Tensor`], so that no reduction over its rows compiles but those that leave the padding out:
///
/// * `net.train(x)`, `eval`, `infer` and `sample` take it and return it;
/// * every loss compares two of them, over the real rows: its mean and its gradient are those of a batch of n rows;
/// * every metric counts the real rows;
/// * [`map`](Self::map) and [`zip`](Self::zip) compute row by row, and [`mean`](Self::mean) and [`sum`](Self::sum)
///   reduce over the real rows: user-written losses are built this way;
/// * [`real_rows`](Self::real_rows) are the elements, for printing; [`with_padding`](Self::with_padding) is the tensor of all B rows.
///
/// A layer that looks across a batch, such as a batch norm, sees all B rows, and so does a closure of `map` or `zip` that mixes
/// rows, such as `y.map(|y| y.clone() - y.mean())`. [`epoch.full()`](crate::data::Epoch::full) yields batches without padding.
///
/// ```
/// use typegrad::data::Dataset;
/// use typegrad::prelude::*;
/// let net = Linear::<1, 1>::new(&mut Rng::seed(0));
/// let examples = vec![([1.0_f32], [2.0_f32]), ([3.0], [4.0]), ([5.0], [6.0])];
/// let last = examples.batches::<2>().in_order().last().expect("two batches");
/// let (x, y) = last.data; // a real row, and the first one again as padding
/// let loss = net.train(x).zip(y, |x, y| (x - y).powi(4)).mean(); // a user-written loss
/// let alone = (net.infer(Tensor::from([[5.0_f32]])) - Tensor::from([[6.0]])).powi(4).mean();
/// assert_eq!(loss.backward(), alone.item());
/// ```
#[derive(Debug, PartialEq)]
#[must_use = "a batch that is not used was computed for nothing"]
pub struct PaddedBatch<T> {
    tensor: T,
    rows: RealRows,
}

/// The backward pass of the rows that a function of the user takes: no gradient leaves the padding, also where its gradient is
/// infinite, such as that of the root of a loss of 0, and 0 times the gradient is NaN.
pub struct OnlyRealRowsBackward {
    rows: RealRows,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for OnlyRealRowsBackward {
    fn pull(self, mut grad: Tensor<S, E>) -> Tensor<S, E> {
        let real = self.rows.part(S::NUMEL);
        if real < S::NUMEL {
            grad.data.make_mut()[real..].fill(E::default());
        }
        grad
    }
}

/// The tensor with the padding as a function of the user gets it, whose gradient is that of the real rows.
pub type OnlyRealRows<S, E, C, F> =
    Tensor<S, E, Graph<C, <F as Flow<S, E>>::Then<S, OnlyRealRowsBackward, AsBefore>>>;

fn only_real_rows<S: Shape, E: Element, C: Context, F: Flow<S, E>>(
    x: Tensor<S, E, Graph<C, F>>,
    rows: RealRows,
) -> OnlyRealRows<S, E, C, F> {
    let (data, flow) = x.into_parts();
    Tensor::from_parts(data, flow.then_as::<AsBefore, _, _>(|| OnlyRealRowsBackward { rows }))
}

impl<S, E, C, F> PaddedBatch<Tensor<S, E, Graph<C, F>>>
where
    S: Axis<0>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// A batch whose first `real` rows count. The others are finite numbers, where a network is trained on them: it
    /// multiplies them by gradients that are 0.
    ///
    /// # Panics
    /// If `real` is not from 1 to the number of rows.
    #[track_caller]
    pub fn new(tensor: Tensor<S, E, Graph<C, F>>, real: usize) -> Self {
        let of = <S::Dim as Dim>::SIZE;
        assert!(0 < real && real <= of, "the number of real rows must be between 1 and {of}, got {real}");
        PaddedBatch { tensor, rows: RealRows { real, of } }
    }

    /// The number of real rows.
    #[must_use]
    pub fn num_real_rows(&self) -> usize {
        self.rows.real
    }

    /// The elements of the real rows, in row-major order.
    #[must_use]
    pub fn real_elements(&self) -> &[E] {
        &self.tensor.as_slice()[..self.rows.part(S::NUMEL)]
    }

    /// The elements of each real row.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// let last = vec![[1.0_f32, 2.0], [3.0, 4.0], [5.0, 6.0]].batches::<2>().in_order().last().expect("two batches");
    /// assert_eq!(last.data.real_rows().collect::<Vec<_>>(), [[5.0, 6.0]]);
    /// ```
    pub fn real_rows(&self) -> impl ExactSizeIterator<Item = &[E]> {
        let elements = self.real_elements();
        (0..self.rows.real).map(|row| &elements[row * <S as Axis<0>>::INNER..][..<S as Axis<0>>::INNER])
    }

    /// The tensor of all B rows, padding included.
    pub fn with_padding(self) -> Tensor<S, E, Graph<C, F>> {
        self.tensor
    }

    /// Applies `f`, which must compute row by row: the first axis of its result must be that of the batch. Only this is checked:
    /// `f` gets all B rows, and a mean over them in `f` counts the padding. The gradient that leaves it is 0 in the
    /// padding, whatever `f` does there.
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// let last = vec![[1.0_f32, 2.0], [3.0, 5.0], [5.0, 6.0]].batches::<2>().in_order().last().expect("two batches");
    /// let sums = last.data.map(|x| x.sum_axis::<-1>());
    /// assert_eq!(sums.mean().item(), 11.0);
    /// ```
    pub fn map<Y>(self, f: impl FnOnce(OnlyRealRows<S, E, C, F>) -> Y) -> PaddedBatch<Y>
    where
        Y: Computed<Shape: KeepsRows<S>>,
    {
        PaddedBatch { tensor: f(only_real_rows(self.tensor, self.rows)), rows: self.rows }
    }

    /// Applies `f` to two batches row by row, such as predictions and targets.
    ///
    /// In: a `PaddedBatch` or a reference to one; `f` receives a tensor or a reference accordingly.
    ///
    /// # Panics
    /// If the other batch has another number of real rows.
    #[track_caller]
    pub fn zip<R, Y>(
        self,
        other: R,
        f: impl FnOnce(OnlyRealRows<S, E, C, F>, R::OnlyReal) -> Y,
    ) -> PaddedBatch<Y>
    where
        R: RowsOf<Self>,
        Y: Computed<Shape: KeepsRows<S>>,
    {
        let other = other.into_only_real(self.rows);
        PaddedBatch { tensor: f(only_real_rows(self.tensor, self.rows), other), rows: self.rows }
    }

    /// The same rows without their graph. PyTorch's `detach`.
    pub fn detach(self) -> PaddedBatch<Tensor<S, E, Graph<C::Detached, ()>>> {
        PaddedBatch { tensor: self.tensor.detach(), rows: self.rows }
    }

    /// The values as constants; this batch stays usable. The memory is shared.
    pub fn value(&self) -> PaddedBatch<Tensor<S, E>> {
        PaddedBatch { tensor: self.tensor.value(), rows: self.rows }
    }
}

impl<S, E, C, F> PaddedBatch<Tensor<S, E, Graph<C, F>>> {
    /// A batch that shares the memory. Constants can be cloned, and tensors inside [`shared`](Tensor::shared).
    ///
    /// It is here, beside [`Clone`], for the reason of [`Tensor::clone`].
    #[expect(clippy::should_implement_trait, reason = "it is implemented below")]
    pub fn clone(&self) -> Self
    where
        F: UseTwiceInsideShared,
    {
        PaddedBatch { tensor: self.tensor.clone(), rows: self.rows }
    }
}

// As for tensors: with a bound, rustc advises a `clone` that does not compile.
impl<S, E, C> Clone for PaddedBatch<Tensor<S, E, Graph<C, ()>>> {
    fn clone(&self) -> Self {
        PaddedBatch::clone(self)
    }
}

impl<S, E, C, T, D> Clone for PaddedBatch<Tensor<S, E, Graph<C, Chain<SharedInput<T, D>, Nil>>>> {
    fn clone(&self) -> Self {
        PaddedBatch::clone(self)
    }
}

impl<T> PaddedBatch<T> {
    /// The batch whose first `real` of `of` rows count, where the caller knows that `of` is the first axis.
    pub(crate) fn first(tensor: T, real: usize, of: usize) -> Self {
        PaddedBatch { tensor, rows: RealRows { real, of } }
    }

    /// A [`map`](Self::map) that keeps the first axis for a reason that no bound says.
    pub(crate) fn rowwise<Y>(self, f: impl FnOnce(T) -> Y) -> PaddedBatch<Y> {
        PaddedBatch { tensor: f(self.tensor), rows: self.rows }
    }
}

/// A shape whose first axis is that of `S`, the axis of the batch.
#[diagnostic::on_unimplemented(
    message = "the rows of the batch are lost: `{Self}` does not start with the first axis of `{S}`",
    label = "the first axis must be that of the batch, as in `{S}`",
    note = "reduce over later axes, `x.mean_axis::<-1>()`; then `.mean()` or `.sum()` of the `PaddedBatch` is over its real rows",
    note = "`batch.with_padding()` is the tensor with the rows that only fill the batch up, which then count"
)]
pub trait KeepsRows<S> {}

#[diagnostic::do_not_recommend]
impl<S, T> KeepsRows<S> for T
where
    S: Axis<0>,
    T: Axis<0>,
    <T as Axis<0>>::Dim: AsMany<<S as Axis<0>>::Dim>,
{
}

/// There are as many as `D`.
pub trait AsMany<D> {}
impl<D> AsMany<D> for D {}

/// An axis after that of the batch.
#[diagnostic::on_unimplemented(
    message = "axis {Self} of a `PaddedBatch` is that of its rows, of which some are padding",
    label = "this would count the padding",
    note = "take a later axis; `batch.mean()` and `batch.sum()` are over the real rows, and `batch.with_padding()` is the tensor \
            of all rows"
)]
pub trait AfterRows {}
#[diagnostic::do_not_recommend]
impl AfterRows for Const<1> {}
#[diagnostic::do_not_recommend]
impl AfterRows for Const<2> {}
#[diagnostic::do_not_recommend]
impl AfterRows for Const<3> {}
#[diagnostic::do_not_recommend]
impl AfterRows for Const<4> {}
#[diagnostic::do_not_recommend]
impl AfterRows for Const<5> {}

/// A [`Tensor`] or a [`PaddedBatch`], as the argument of a module or a loss.
#[diagnostic::on_unimplemented(
    message = "a tensor itself is taken, or a `PaddedBatch`, and this is `{Self}`",
    label = "neither a tensor nor a `PaddedBatch`",
    note = "for `&x` write `x`, or `x.clone()` of a constant; for a `Param` `x.track()`; a loss takes the prediction first: `loss.mean(y, &target)`"
)]
pub trait MaybePadded: Sized {
    /// The shape, with the padding.
    type Shape: Shape;
    /// The elements.
    type Element: Element;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<Self::Shape, Self::Element>;
    /// `T`, or `PaddedBatch<T>`.
    type With<T>;
    #[doc(hidden)]
    fn into_rows(self) -> (Tensor<Self::Shape, Self::Element, Graph<Self::Context, Self::Flow>>, RealRows);
    #[doc(hidden)]
    fn with_rows<T>(tensor: T, rows: RealRows) -> Self::With<T>;
    #[doc(hidden)]
    fn counted(&self) -> (&[Self::Element], RealRows);
}

impl<S: Shape, E: Element, C: Context, F: Flow<S, E>> MaybePadded for Tensor<S, E, Graph<C, F>> {
    type Shape = S;
    type Element = E;
    type Context = C;
    type Flow = F;
    type With<T> = T;
    fn into_rows(self) -> (Self, RealRows) {
        (self, RealRows::ALL)
    }
    fn with_rows<T>(tensor: T, _: RealRows) -> T {
        tensor
    }
    fn counted(&self) -> (&[E], RealRows) {
        (self.as_slice(), RealRows::ALL)
    }
}

impl<S: Shape, E: Element, C: Context, F: Flow<S, E>> MaybePadded for PaddedBatch<Tensor<S, E, Graph<C, F>>> {
    type Shape = S;
    type Element = E;
    type Context = C;
    type Flow = F;
    type With<T> = PaddedBatch<T>;
    fn into_rows(self) -> (Tensor<S, E, Graph<C, F>>, RealRows) {
        (self.tensor, self.rows)
    }
    fn with_rows<T>(tensor: T, rows: RealRows) -> PaddedBatch<T> {
        PaddedBatch { tensor, rows }
    }
    fn counted(&self) -> (&[E], RealRows) {
        (&self.tensor.as_slice()[..self.rows.part(S::NUMEL)], self.rows)
    }
}

/// Has a result of shape `T`: any tensor, and a [`PaddedBatch`] whose rows are those of `T`.
#[diagnostic::on_unimplemented(
    message = "a tensor itself is taken, or a `PaddedBatch`, and this is `{Self}`",
    label = "neither a tensor nor a `PaddedBatch`",
    note = "for `&x` write `x`, or `x.clone()` of a constant; for a `Param` `x.track()`; a loss takes the prediction first: `loss.mean(y, &target)`",
    note = "of an array `Tensor::from(x)`, of a `Vec` or a slice `Tensor::<Rank2<1, 8>>::try_from(x)?`",
    note = "a mode is part of the call, and not set: `net.train(x)`, `net.eval(x)`"
)]
pub trait GivesRows<T>: MaybePadded {}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element, C: Context, F: Flow<S, E>, T> GivesRows<T> for Tensor<S, E, Graph<C, F>> {}

// rustc prints this head in errors, so that it is short.
#[rustfmt::skip]
impl<S, E, C, F, T> GivesRows<T> for PaddedBatch<Tensor<S, E, Graph<C, F>>> where S: Shape, E: Element, C: Context, F: Flow<S, E>, T: KeepsRows<S> {}

/// May be combined with an `X` row by row: any value with a tensor, and a [`PaddedBatch`] or a reference to one with a `PaddedBatch`.
#[diagnostic::on_unimplemented(
    message = "a `PaddedBatch` is combined with `{Self}`, which is not one",
    label = "not a `PaddedBatch`, so that its real rows are unknown",
    note = "what a loader yields with the input is one; `x.value().map(|x| x.zeros_like())` is one with the rows of `x`, and \
            `PaddedBatch::new(tensor, real)` says how many are real"
)]
pub trait RowsOf<X> {
    /// The tensor itself, or a reference to it.
    type Inner;
    /// The same, where no gradient leaves the padding.
    #[doc(hidden)]
    type OnlyReal;
    #[doc(hidden)]
    #[track_caller]
    fn into_inner(self, rows: RealRows) -> Self::Inner;
    #[doc(hidden)]
    #[track_caller]
    fn into_only_real(self, rows: RealRows) -> Self::OnlyReal;
}

/// A reference is neither a tensor nor a batch, which is reported where it is given, and not here.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<X, R> RowsOf<&X> for R {
    type Inner = R;
    type OnlyReal = R;
    fn into_inner(self, _: RealRows) -> R {
        self
    }
    fn into_only_real(self, _: RealRows) -> R {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<S, E, G, R> RowsOf<Tensor<S, E, G>> for R {
    type Inner = R;
    type OnlyReal = R;
    fn into_inner(self, _: RealRows) -> R {
        self
    }
    fn into_only_real(self, _: RealRows) -> R {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<X, S: Shape, E: Element, C: Context, F: Flow<S, E>> RowsOf<PaddedBatch<X>>
    for PaddedBatch<Tensor<S, E, Graph<C, F>>>
{
    type Inner = Tensor<S, E, Graph<C, F>>;
    type OnlyReal = OnlyRealRows<S, E, C, F>;
    #[track_caller]
    fn into_inner(self, rows: RealRows) -> Self::Inner {
        check(rows, self.rows);
        self.tensor
    }
    #[track_caller]
    fn into_only_real(self, rows: RealRows) -> Self::OnlyReal {
        only_real_rows(RowsOf::<PaddedBatch<X>>::into_inner(self, rows), rows)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, T> RowsOf<PaddedBatch<X>> for &'a PaddedBatch<T> {
    type Inner = &'a T;
    type OnlyReal = &'a T;
    #[track_caller]
    fn into_inner(self, rows: RealRows) -> &'a T {
        check(rows, self.rows);
        &self.tensor
    }
    #[track_caller]
    fn into_only_real(self, rows: RealRows) -> &'a T {
        RowsOf::<PaddedBatch<X>>::into_inner(self, rows)
    }
}

#[track_caller]
fn check(a: RealRows, b: RealRows) {
    assert!(
        a == b,
        "a batch with {} real rows is combined with one with {}: they are from different batches",
        a.real,
        b.real
    );
}

/// A reference to a tensor of shape `S` with elements `E`, with any graph.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reference to a tensor of shape `{S}` with elements `{E}`",
    label = "not a `&Tensor` of shape `{S}` with elements `{E}`",
    note = "a `PaddedBatch` is combined with a `PaddedBatch`, and a tensor with a tensor: `net.infer(x)` gives what `x` is"
)]
pub trait Elements<S, E> {
    #[doc(hidden)]
    fn elements(&self) -> &[E];
}

impl<S, E: Element, C, F> Elements<S, E> for &Tensor<S, E, Graph<C, F>> {
    fn elements(&self) -> &[E] {
        self.data.as_slice()
    }
}
