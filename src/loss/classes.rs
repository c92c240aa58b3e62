//! The axis of the classes, and the targets of a classifier.

use super::ClassWeights;
use crate::element::{Element, Float};
use crate::graph::{
    CompatibleWith, Context, Flow, Graph, PlainConstant, Switch, UseTwiceInsideShared, Waiting,
};
use crate::kernel::axis::axis::AxisLayout;
use crate::nn::Param;
use crate::ops::Operand;
use crate::shape::{Axis, Dim, Elsewhere, Shape};
use crate::storage::Storage;
use crate::tensor::{KeepsRows, PaddedBatch, Tensor};

/// Scores are rows `[B, K]`, or one row `[K]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastAxisClasses;

/// The classes are at the axis `I`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassesAt<const I: isize>;

/// The position of the classes in scores of shape `S`.
#[diagnostic::on_unimplemented(
    message = "scores of shape `{S}` are not rows `[B, K]`: the axis of the classes must be named",
    label = "which axis of `{S}` has the classes?",
    note = "for `[B, T, K]` write `x.cross_entropy_axis::<-1, _>(target)`, `CrossEntropyLoss::new().axis::<-1>()`, or for logarithms \
            `NllLoss::new().axis::<-1>()`; PyTorch takes axis 1"
)]
pub trait ClassAxis<S: Shape> {
    /// The shape of labels: one for each row of scores.
    type Labels: Shape;
    /// The number of classes.
    type Classes: Dim;
    /// The number of elements of the axes before that of the classes.
    const OUTER: usize;
    /// The number of elements of the axes after it.
    const INNER: usize;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, K: Dim> ClassAxis<(B, K)> for LastAxisClasses {
    type Labels = (B,);
    type Classes = K;
    const OUTER: usize = B::SIZE;
    const INNER: usize = 1;
}

#[diagnostic::do_not_recommend]
impl<K: Dim> ClassAxis<(K,)> for LastAxisClasses {
    type Labels = ();
    type Classes = K;
    const OUTER: usize = 1;
    const INNER: usize = 1;
}

#[diagnostic::do_not_recommend]
impl<S: Axis<I>, const I: isize> ClassAxis<S> for ClassesAt<I> {
    type Labels = S::Removed;
    type Classes = S::Dim;
    const OUTER: usize = S::OUTER;
    const INNER: usize = S::INNER;
}

/// Scores that are rows. It is a trait of the tensor, because rustc shows the text of a missing bound of a method where that is
/// one of what it is called on.
#[diagnostic::on_unimplemented(
    message = "scores of shape `{S}` are not rows `[B, K]`: the axis of the classes must be named",
    label = "which axis of `{S}` has the classes?",
    note = "for `[B, T, K]` write `x.cross_entropy_axis::<-1, _>(target)`, for images `[B, K, H, W]` \
            `x.cross_entropy_axis::<1, _>(target)`"
)]
pub trait RowsOfScores<S: Shape> {
    /// The axis of the classes: the last.
    type Axis: ClassAxis<S>;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, K: Dim, E, G> RowsOfScores<(B, K)> for Tensor<(B, K), E, G> {
    type Axis = LastAxisClasses;
}

#[diagnostic::do_not_recommend]
impl<K: Dim, E, G> RowsOfScores<(K,)> for Tensor<(K,), E, G> {
    type Axis = LastAxisClasses;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, K: Dim, E, G> RowsOfScores<(B, K)> for PaddedBatch<Tensor<(B, K), E, G>> {
    type Axis = LastAxisClasses;
}

/// A loss of scores and their classes.
pub trait ClassLoss {
    /// The axis of the classes.
    type Axis;
    /// The weights of the classes.
    type Weight;
    #[doc(hidden)]
    fn weight(&self) -> &Self::Weight;
}

/// Scores for a loss `L`: they have an axis with classes where it says, and it has weights for as many.
pub trait ScoresFor<L> {
    /// The shape of labels: one for each row of scores.
    type Labels: Shape;
    /// The number of classes.
    type Classes: Dim;
    /// The elements of the weights: those of the scores.
    type Weight;
    /// The numbers of elements before, along and after the axis of the classes.
    #[doc(hidden)]
    const SIZES: [usize; 3];
    /// The weights in the order of the classes.
    #[doc(hidden)]
    fn weights(loss: &L) -> Option<&[Self::Weight]>;
}

type LabelsOf<X, L> = <<L as ClassLoss>::Axis as ClassAxis<<X as Scored>::Shape>>::Labels;
type ClassesOf<X, L> = <<L as ClassLoss>::Axis as ClassAxis<<X as Scored>::Shape>>::Classes;

impl<X, L> ScoresFor<L> for X
where
    L: ClassLoss<Axis: ClassAxis<X::Shape>, Weight: ClassWeights<ClassesOf<X, L>, X::Element>>,
    X: Scored + KeepsLabels<LabelsOf<X, L>>,
{
    type Labels = LabelsOf<X, L>;
    type Classes = ClassesOf<X, L>;
    type Weight = X::Element;
    const SIZES: [usize; 3] = [
        <L::Axis as ClassAxis<X::Shape>>::OUTER,
        ClassesOf::<X, L>::SIZE,
        <L::Axis as ClassAxis<X::Shape>>::INNER,
    ];
    fn weights(loss: &L) -> Option<&[X::Element]> {
        loss.weight().weights()
    }
}

/// A tensor or a batch. A reference is one here, because it is reported where it is given, and not twice.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor itself is taken, or a `PaddedBatch`, and this is `{Self}`",
    label = "neither a tensor nor a `PaddedBatch`"
)]
pub trait Scored {
    type Shape: Shape;
    type Element: Element;
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element, G> Scored for Tensor<S, E, G> {
    type Shape = S;
    type Element = E;
}

#[diagnostic::do_not_recommend]
impl<X: Scored> Scored for PaddedBatch<X> {
    type Shape = X::Shape;
    type Element = X::Element;
}

#[diagnostic::do_not_recommend]
impl<X> Scored for &X {
    type Shape = Elsewhere;
    type Element = f32;
}

/// Has labels of shape `T`: as [`GivesRows`](crate::tensor::GivesRows), or a reference.
#[doc(hidden)]
pub trait KeepsLabels<T> {}
#[diagnostic::do_not_recommend]
impl<S, E, G, T> KeepsLabels<T> for Tensor<S, E, G> {}
impl<S: Shape, E, G, T: KeepsRows<S>> KeepsLabels<T> for PaddedBatch<Tensor<S, E, G>> {}
#[diagnostic::do_not_recommend]
impl<X, T> KeepsLabels<T> for &X {}

/// The lanes of the classes.
pub(super) const fn lanes([outer, size, inner]: [usize; 3]) -> AxisLayout {
    AxisLayout { outer, size, inner }
}

/// The target of a classifier.
pub enum Classes<E> {
    /// An index for each row.
    Labels(Storage<i64>),
    /// A probability for each class of each row.
    Probabilities(Storage<E>),
}

/// The target of scores of shape `S`: integer labels of shape `L`, or probabilities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a target for scores of shape `{S}` with elements `{E}`",
    label = "neither one label for each row nor probabilities of the shape `{S}`",
    note = "labels are a `&Tensor<_, i64>` without the axis of the classes; probabilities have the shape and the elements \
            of the scores",
    note = "one-hot rows of integers are not needed: give the labels themselves, or `one_hot.to::<f32>()`"
)]
pub trait ClassTarget<C: Context, S: Shape, L, E: Element> {
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient; labels have none.
    type Flow: Flow<S, E>;
    #[doc(hidden)]
    fn into_target(self) -> (Classes<E>, Self::Flow);
}

/// Labels of shape `Self` are asked for, and these are of shape `T`.
#[diagnostic::on_unimplemented(
    message = "these scores take labels of shape `{Self}`, one for each row, but the labels have the shape `{T}`",
    label = "takes labels of shape `{Self}`",
    note = "a batch of scores and its labels are equally many; `labels.squeeze::<-1>()` removes an axis of size 1, \
            `x.transpose::<0, 1>()` puts the batch before time; an `Expr`: `labels.with_shape()`",
    note = "one-hot rows of integers are not needed: give the labels themselves, or `one_hot.to::<f32>()`"
)]
pub trait TakesLabels<T> {}
impl<T> TakesLabels<T> for T {}

// rustc prints this head in errors, so that it is short.
#[rustfmt::skip]
impl<C, S, L: TakesLabels<T>, E, T, D, H> ClassTarget<C, S, L, E> for &Tensor<T, i64, Graph<D, H>> where C: Context, S: Shape, E: Float
{
    type Context = PlainConstant;
    type Flow = ();
    fn into_target(self) -> (Classes<E>, ()) {
        (Classes::Labels(self.data.clone()), ())
    }
}

#[diagnostic::do_not_recommend]
impl<C, S, L, E, D, F> ClassTarget<C, S, L, E> for Tensor<S, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape,
    E: Float,
    F: Flow<S, E>,
{
    type Context = D;
    type Flow = F;
    fn into_target(self) -> (Classes<E>, F) {
        let (data, flow) = self.into_waiting();
        (Classes::Probabilities(data), Waiting::into_inner(flow))
    }
}

#[diagnostic::do_not_recommend]
impl<C, S, L, E, D, F> ClassTarget<C, S, L, E> for &Tensor<S, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape,
    E: Float,
    F: Flow<S, E> + UseTwiceInsideShared,
{
    type Context = D;
    type Flow = F;
    fn into_target(self) -> (Classes<E>, F) {
        let (data, flow) = Operand::<C, E>::into_operand(self);
        (Classes::Probabilities(data), flow)
    }
}

/// Scores that are not floats are reported as such, whatever the target is.
macro_rules! any_target {
    ($($t:ty),*) => { $(
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<C: Context, S: Shape, L, R> ClassTarget<C, S, L, $t> for R {
            type Context = PlainConstant;
            type Flow = ();
            fn into_target(self) -> (Classes<$t>, ()) {
                unreachable!("a loss is of floats")
            }
        }
    )* };
}
any_target!(i64, bool);

#[diagnostic::do_not_recommend]
impl<'a, C, S, L, E> ClassTarget<C, S, L, E> for &'a Param<S, E>
where
    C: Context,
    S: Shape,
    E: Float,
{
    type Context = C::WithParam;
    type Flow = <C::Params as Switch>::Leaf<'a, S, E>;
    fn into_target(self) -> (Classes<E>, Self::Flow) {
        let (data, flow) = Operand::<C, E>::into_operand(self);
        (Classes::Probabilities(data), flow)
    }
}
