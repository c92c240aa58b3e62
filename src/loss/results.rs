//! The types of losses, under short names.
//!
//! `X` is what is compared, a tensor or a [`PaddedBatch`](crate::tensor::PaddedBatch), `R` what it is compared with, `T` the
//! shape of the result, and `L` the loss, whose backward pass is `B`.

use super::{ClassTarget, SameShapeOperand, ScoresFor};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2};
use crate::ops::{Packed, PackedBackward, Unary};
use crate::shape::{Compared, Is};
use crate::tensor::{MaybePadded, RowsOf, Tensor};

type ShapeIn<X> = <X as MaybePadded>::Shape;
type ElementIn<X> = <X as MaybePadded>::Element;
type ContextIn<X> = <X as MaybePadded>::Context;
type FlowIn<X> = <X as MaybePadded>::Flow;
type BackwardOf<X, L> = <L as Criterion<ElementIn<X>>>::Backward;
type LabelsOf<X, L> = <X as ScoresFor<L>>::Labels;
type Inner<X, R> = <R as RowsOf<X>>::Inner;
/// The context of a loss of `X` and `R`.
pub type ContextOfTwo<X, R> = <ContextIn<X> as Context>::Or<
    <Inner<X, R> as SameShapeOperand<ContextIn<X>, ShapeIn<X>, ElementIn<X>>>::Context,
>;
/// The shape of an operand of a loss of `X` in context `C`.
type OperandShapeIn<C, X, R> = <Inner<X, R> as SameShapeOperand<C, ShapeIn<X>, ElementIn<X>>>::Shape;
type OperandFlow<C, X, R> = <Inner<X, R> as SameShapeOperand<C, ShapeIn<X>, ElementIn<X>>>::Flow;

/// The law of the sizes of `X` and `R`, of which some are computed. Each public method of a loss asserts it, so that the error
/// names the user's line.
pub(super) type SizesOfTwo<X, R> = Compared<ShapeIn<X>, OperandShapeIn<ContextIn<X>, X, R>>;

/// [`SizesOfTwo`] for a loss of three tensors.
pub(super) type SizesOfThree<X, R, W> =
    (SizesOfTwo<X, R>, Compared<ShapeIn<X>, OperandShapeIn<ContextOfTwo<X, R>, X, W>>);

/// A loss, as a type that has a backward pass for elements `E`.
pub trait Criterion<E> {
    /// The backward pass.
    type Backward;
}

/// A loss of one tensor and constants.
pub type LossOfOne<T, X, L> = Unary<ShapeIn<X>, ElementIn<X>, ContextIn<X>, FlowIn<X>, T, BackwardOf<X, L>>;

/// A loss of two tensors of one shape.
pub type LossOfTwo<T, X, R, L> = OfTwo<T, X, R, BackwardOf<X, L>>;

/// A loss of three tensors of one shape: the first two flow together, and the third joins them.
pub type LossOfThree<T, X, R, W, L> = OfThree<T, X, R, W, BackwardOf<X, L>>;

/// The loss of each element or row, of shape `T`, for [`LossOfOne`]: of a batch, another one.
pub type EachOfOne<T, X, L> = <X as MaybePadded>::With<LossOfOne<T, X, L>>;

/// [`EachOfOne`] for [`LossOfTwo`].
pub type EachOfTwo<T, X, R, L> = <X as MaybePadded>::With<LossOfTwo<T, X, R, L>>;

/// [`EachOfOne`] for [`LossOfThree`].
pub type EachOfThree<T, X, R, W, L> = <X as MaybePadded>::With<LossOfThree<T, X, R, W, L>>;

/// The loss of each row of scores, of shape `T`, for [`LossOfClasses`]: of a batch, another one.
pub type EachRow<T, X, R, L> = <X as MaybePadded>::With<LossOfClasses<T, X, R, L>>;

/// The result of an operation on two tensors of one shape, with the backward pass `B`.
pub type OfTwo<T, X, R, B> = Tensor<
    T,
    ElementIn<X>,
    Graph<
        ContextOfTwo<X, R>,
        <FlowIn<X> as Flow<ShapeIn<X>, ElementIn<X>>>::Join<
            T,
            OperandShapeIn<ContextIn<X>, X, R>,
            OperandFlow<ContextIn<X>, X, R>,
            B,
        >,
    >,
>;

/// The result of an operation on three tensors of one shape, with the backward pass `B`.
pub type OfThree<T, X, R, W, B> = Tensor<
    T,
    ElementIn<X>,
    Graph<
        <ContextOfTwo<X, R> as Context>::Or<
            <Inner<X, W> as SameShapeOperand<ContextOfTwo<X, R>, ShapeIn<X>, ElementIn<X>>>::Context,
        >,
        FlowOfThree<
            T,
            ShapeIn<X>,
            ElementIn<X>,
            FlowIn<X>,
            OperandShapeIn<ContextIn<X>, X, R>,
            OperandFlow<ContextIn<X>, X, R>,
            OperandShapeIn<ContextOfTwo<X, R>, X, W>,
            OperandFlow<ContextOfTwo<X, R>, X, W>,
            B,
        >,
    >,
>;

/// The flow of a loss of three tensors.
type FlowOfThree<T, S, E, F, S1, R1, S2, R2, B> = <<F as Flow<S, E>>::Join<
    Packed<S, S1>,
    S1,
    R1,
    PackedBackward,
> as Flow<Packed<S, S1>, E>>::Join<T, S2, R2, B>;

/// A loss of scores, and of labels or probabilities.
pub type LossOfClasses<T, X, R, L> = LossOfLabels<T, X, R, LabelsOf<X, L>, L>;

/// [`LossOfClasses`] where labels have the shape `Y`.
pub type LossOfLabels<T, X, R, Y, L> = Tensor<
    T,
    ElementIn<X>,
    Graph<
        <ContextIn<X> as Context>::Or<
            <Inner<X, R> as ClassTarget<ContextIn<X>, ShapeIn<X>, Y, ElementIn<X>>>::Context,
        >,
        <FlowIn<X> as Flow<ShapeIn<X>, ElementIn<X>>>::Join<
            T,
            ShapeIn<X>,
            <Inner<X, R> as ClassTarget<ContextIn<X>, ShapeIn<X>, Y, ElementIn<X>>>::Flow,
            BackwardOf<X, L>,
        >,
    >,
>;

/// The mean of a loss of three tensors of shape `S` with elements `E`: the first has context `C` and flow `F`, the others are
/// `R` and `W`, and the backward pass is `B`.
type MeanOfThree<S, E, C, F, R, W, B> = OfThree<(), Tensor<S, E, Graph<C, F>>, R, W, B>;

/// The second of the three tensors of a loss with the backward pass `B`; the first has shape `S`, elements `E`, context `C` and
/// flow `F`. It gives the result a short name.
pub trait SecondOf<S, E, C, F, B>: Sized + SameShapeOperand<C, S, E>
where
    S: crate::shape::Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of the loss, a scalar, where the third tensor is `W`.
    type Mean<W>: Is<MeanOfThree<S, E, C, F, Self, W, B>>
    where
        W: SameShapeOperand<C::Or<Self::Context>, S, E>,
        B: Pullback2<Packed<S, Self::Shape>, W::Shape, (), E>;
}

impl<S, E, C, F, R, B> SecondOf<S, E, C, F, B> for R
where
    S: crate::shape::Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: SameShapeOperand<C, S, E>,
{
    type Mean<W>
        = MeanOfThree<S, E, C, F, R, W, B>
    where
        W: SameShapeOperand<C::Or<R::Context>, S, E>,
        B: Pullback2<Packed<S, R::Shape>, W::Shape, (), E>;
}
