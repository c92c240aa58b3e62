//! The types of losses, under short names.
//!
//! `X` is what is compared, a tensor or a [`PaddedBatch`](crate::tensor::PaddedBatch), `R` what it is compared with, `T` the
//! shape of the result, and `B` the backward pass.

use super::{ClassAxis, ClassTarget, SameShapeOperand};
use crate::graph::{Context, Flow, Graph};
use crate::ops::{Packed, PackedBackward, Unary};
use crate::tensor::{MaybePadded, RowsOf, Tensor};

type Shape<X> = <X as MaybePadded>::Shape;
type Element<X> = <X as MaybePadded>::Element;
type ContextOf<X> = <X as MaybePadded>::Context;
type FlowOf<X> = <X as MaybePadded>::Flow;
type Labels<X, A> = <A as ClassAxis<Shape<X>>>::Labels;
type Inner<X, R> = <R as RowsOf<X>>::Inner;
/// The context of a loss of `X` and `R`.
pub type ContextOfTwo<X, R> = <ContextOf<X> as Context>::Or<
    <Inner<X, R> as SameShapeOperand<ContextOf<X>, Shape<X>, Element<X>>>::Context,
>;
type OperandFlow<C, X, R> = <Inner<X, R> as SameShapeOperand<C, Shape<X>, Element<X>>>::Flow;

/// A loss of one tensor and constants.
pub type LossOfOne<T, X, B> = Unary<Shape<X>, Element<X>, ContextOf<X>, FlowOf<X>, T, B>;

/// A loss of two tensors of one shape.
pub type LossOfTwo<T, X, R, B> = Tensor<
    T,
    Element<X>,
    Graph<
        ContextOfTwo<X, R>,
        <FlowOf<X> as Flow<Shape<X>, Element<X>>>::Join<T, Shape<X>, OperandFlow<ContextOf<X>, X, R>, B>,
    >,
>;

/// A loss of three tensors of one shape: the first two flow together, and the third joins them.
pub type LossOfThree<T, X, R, W, B> = Tensor<
    T,
    Element<X>,
    Graph<
        <ContextOfTwo<X, R> as Context>::Or<
            <Inner<X, W> as SameShapeOperand<ContextOfTwo<X, R>, Shape<X>, Element<X>>>::Context,
        >,
        FlowOfThree<
            T,
            Shape<X>,
            Element<X>,
            FlowOf<X>,
            OperandFlow<ContextOf<X>, X, R>,
            OperandFlow<ContextOfTwo<X, R>, X, W>,
            B,
        >,
    >,
>;

/// The flow of a loss of three tensors.
type FlowOfThree<T, S, E, F, R1, R2, B> =
    <<F as Flow<S, E>>::Join<Packed<S, S>, S, R1, PackedBackward> as Flow<Packed<S, S>, E>>::Join<
        T,
        S,
        R2,
        B,
    >;

/// A loss of scores with the classes at `A`, and of labels or probabilities.
pub type LossOfClasses<T, X, A, R, B> = Tensor<
    T,
    Element<X>,
    Graph<
        <ContextOf<X> as Context>::Or<
            <Inner<X, R> as ClassTarget<ContextOf<X>, Shape<X>, Labels<X, A>, Element<X>>>::Context,
        >,
        <FlowOf<X> as Flow<Shape<X>, Element<X>>>::Join<
            T,
            Shape<X>,
            <Inner<X, R> as ClassTarget<ContextOf<X>, Shape<X>, Labels<X, A>, Element<X>>>::Flow,
            B,
        >,
    >,
>;
