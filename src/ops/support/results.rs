//! The types of results, under short names.
//!
//! The letters are those of the methods: the tensor has the shape `S`, the elements `E` and the graph `Graph<C, F>`, the
//! other operand is `R`, the result has the shape `T`, and `B` is the backward pass.

use crate::graph::{Anything, AsBefore, Context, Flow, Graph, PerElement};
use crate::ops::support::packed::{Packed, PackedRepeatedBackward};
use crate::ops::support::rhs::{Operand, Pointwise};
use crate::shape::Pool;
use crate::tensor::{Computed, Tensor};

/// The parts of a tensor `X`, for types that are named by the tensor they are computed from.
pub(in crate::ops) type ShapeOf<X> = <X as Computed>::Shape;
pub(in crate::ops) type ElementOf<X> = <X as Computed>::Element;
pub(in crate::ops) type ContextOf<X> = <X as Computed>::Context;
pub(in crate::ops) type FlowOf<X> = <X as Computed>::Flow;

/// The shape of `R` as the right operand of a tensor `X`.
pub(in crate::ops) type OperandShape<X, R> = <R as Operand<ContextOf<X>, ElementOf<X>>>::Shape;

/// [`Joined`] for a tensor `X`.
pub(in crate::ops) type JoinedTo<X, R, T, B> =
    Joined<ShapeOf<X>, ElementOf<X>, ContextOf<X>, FlowOf<X>, R, T, B>;

/// The result of an operation with one operand: a tensor of shape `T`, whose backward pass is `B`, and whose elements are of
/// the kind `K`.
pub type Unary<S, E, C, F, T, B, K = Anything> = Tensor<T, E, Graph<C, <F as Flow<S, E>>::Then<T, B, K>>>;

/// The result over the planes of volumes `X`, of which windows `W` have one along each axis. `B` is the backward pass.
pub(in crate::ops) type OverPlanes<X, W, B> =
    Unary<ShapeOf<X>, ElementOf<X>, ContextOf<X>, FlowOf<X>, <ShapeOf<X> as Pool<3, W>>::Planes, B>;

/// The result of windows `W` over volumes `X`: over their planes, whose backward pass is `P`, and over the depth, where it is `B`.
pub(in crate::ops) type OverVolumes<X, W, P, B> = Unary<
    <ShapeOf<X> as Pool<3, W>>::Planes,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<OverPlanes<X, W, P>>,
    <ShapeOf<X> as Pool<3, W>>::Output,
    B,
>;

/// Selected elements of a tensor `X`, in the shape `T`, and their positions, which are a constant. `B` is the backward pass.
pub type WithPositions<X, T, B> =
    (Unary<ShapeOf<X>, ElementOf<X>, ContextOf<X>, FlowOf<X>, T, B>, Tensor<T, i64>);

/// A function of each element, whose backward pass is `B`.
pub type Mapped<S, E, C, F, B> = Unary<S, E, C, F, S, B, PerElement>;

/// The same elements in another shape or order.
pub type Rearranged<S, E, C, F, T, B> = Unary<S, E, C, F, T, B, AsBefore>;

/// The result of an operation with a second operand: a tensor of shape `T`, whose backward pass is `B`.
pub type Joined<S, E, C, F, R, T, B> = Tensor<
    T,
    E,
    Graph<
        <C as Context>::Or<<R as Operand<C, E>>::Context>,
        <F as Flow<S, E>>::Join<T, <R as Operand<C, E>>::Shape, <R as Operand<C, E>>::Flow, B>,
    >,
>;

/// The result of an operation with `N` operands that all have the graph of the tensor: a tensor of shape `T`, whose backward
/// pass is `B`.
pub type Merged<S, E, C, F, T, B, const N: usize> = Tensor<T, E, Graph<C, <F as Flow<S, E>>::Merge<T, N, B>>>;

/// The result of an element-wise operation with a second operand, whose backward pass is `B`.
pub type Binary<S, E, C, F, R, B> = Tensor<
    <R as Pointwise<C, S, E>>::Output,
    E,
    Graph<
        <C as Context>::Or<<R as Pointwise<C, S, E>>::Context>,
        <F as Flow<S, E>>::Join<
            <R as Pointwise<C, S, E>>::Output,
            <R as Pointwise<C, S, E>>::Shape,
            <R as Pointwise<C, S, E>>::Flow,
            B,
        >,
    >,
>;

/// The result of an element-wise operation with a second operand `R` and a third, `W`, whose backward pass is `B`.
pub type Joined3<S, E, C, F, R, W, B> = Tensor<
    <R as Pointwise<C, S, E>>::Output,
    E,
    Graph<
        <<C as Context>::Or<<R as Pointwise<C, S, E>>::Context> as Context>::Or<
            <W as Pointwise<C, <R as Pointwise<C, S, E>>::Output, E>>::Context,
        >,
        <<F as Flow<S, E>>::Join<
            Packed<S, <R as Pointwise<C, S, E>>::Shape>,
            <R as Pointwise<C, S, E>>::Shape,
            <R as Pointwise<C, S, E>>::Flow,
            PackedRepeatedBackward,
        > as Flow<Packed<S, <R as Pointwise<C, S, E>>::Shape>, E>>::Join<
            <R as Pointwise<C, S, E>>::Output,
            <W as Pointwise<C, <R as Pointwise<C, S, E>>::Output, E>>::Shape,
            <W as Pointwise<C, <R as Pointwise<C, S, E>>::Output, E>>::Flow,
            B,
        >,
    >,
>;
