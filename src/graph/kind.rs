//! Which operation computed a tensor, as far as losses care: a softmax, a sigmoid, or anything else. It is part of the type of a
//! graph, so a loss that takes scores rejects their softmax when the program is built. And the axis that a reduction
//! removed, so that its result is not repeated along another one.

use super::Flow;
use super::outline::Computes;
use crate::shape::{Broken, Dim, Law, Message, Shape, True, Truth};
use crate::tensor::Computed;
use std::marker::PhantomData;

/// The kind of the elements of a tensor, a type.
pub trait Kind {
    /// The kind as a value.
    const IS: Meaning;
    /// The position of the axis that the last operation removed, by a reduction along it.
    const REMOVED: Option<usize> = None;
    /// The position of the axis along which the last operation is a log_softmax.
    const ALONG: Option<usize> = None;
    /// The same kind of elements in another shape or order.
    type Moved: Kind;
    /// The kind after a function of each element and, unless `N` is true, of another tensor: only the axis that a reduction
    /// removed is kept, if `N` is true.
    type Beside<N: Truth>: Kind;
    /// The kind of the result of an operation of this kind, if its operand has the kind `K`.
    type After<K: Kind>: Kind;
    /// The kind of the result of a module `L` whose last operation has this kind.
    type Within<L: Layer>: Kind;
}

/// The kind of the elements of a tensor, as a value: which loss accepts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Anything else.
    Whatever,
    /// The result of `softmax`: probabilities that add up to 1.
    IsSoftmax,
    /// The result of `log_softmax`.
    IsLogSoftmax,
    /// The result of `sigmoid`.
    IsSigmoid,
    /// The result of a linear layer or a convolution.
    IsScores,
}

/// A module, as far as the kind of its result depends on it. Every module is one.
pub trait Layer {
    /// Whether it is a layer whose result is scores.
    const GIVES_SCORES: bool;
}

/// A loss that takes one of scores, probabilities and their logarithms, and rejects the other two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes the results of all operations, or is not a loss",
    label = "not a loss that a network is checked with",
    note = "networks are checked with `CrossEntropyLoss`, `NllLoss`, `KlDivLoss`, `BceLoss`, `BceWithLogitsLoss` and `CtcLoss`"
)]
pub trait ChecksInput {
    /// The requirement on the kind of its input, and on its shape.
    type Takes<K: Kind, S: Shape>: Law;
}

/// The kind of a tensor `Y` that the module `N` returns.
type KindWithin<N, Y> =
    <<<Y as Computed>::Flow as Flow<<Y as Computed>::Shape, <Y as Computed>::Element>>::Kind as Kind>::Within<
        N,
    >;

/// The requirement of the loss `T` that the result of a function of the module `N` does not meet: `layer.forward::<M>`.
pub(crate) const fn refused_by<T, N, A, F>(_: F) -> Broken
where
    T: ChecksInput,
    N: Layer,
    F: Copy + Computes<A>,
{
    <T::Takes<KindWithin<N, F::Result>, <F::Result as Computed>::Shape> as Law>::BROKEN
}

/// The result of any other operation.
#[derive(Debug)]
pub enum Anything {}
/// The elements of the operand in another shape or order: the kind of the operand is kept.
#[derive(Debug)]
pub enum AsBefore {}
/// A function of each element of the operand: of it alone, or of it and a number if `N` is true.
#[derive(Debug)]
pub struct PerElement<N = True>(PhantomData<N>);
/// The result of `softmax`.
#[derive(Debug)]
pub enum OfSoftmax {}
/// The result of `log_softmax`, in another shape or order.
#[derive(Debug)]
pub enum OfLogSoftmax {}
/// The result of `log_softmax` along the axis at the position `P`, a `Const`.
#[derive(Debug)]
pub struct LogSoftmaxAlong<P>(PhantomData<P>);
/// The result of `sigmoid`.
#[derive(Debug)]
pub enum OfSigmoid {}

/// A reduction along the axis at the position `P`, a `Const`, which is removed; and functions of each element of its result. Some
/// of them have another tensor unless `N` is true.
#[derive(Debug)]
pub struct OfReduction<P, N = True>(PhantomData<(P, N)>);

/// The result of the module `L`, whose last operation is of no kind that matters.
#[derive(Debug)]
pub struct OfModule<L>(PhantomData<fn() -> L>);

impl<N: Layer> Kind for OfModule<N> {
    const IS: Meaning = if N::GIVES_SCORES { Meaning::IsScores } else { Meaning::Whatever };
    type Moved = Self;
    type Beside<M: Truth> = Anything;
    type After<K: Kind> = Self;
    type Within<L: Layer> = Self;
}

impl<P: Dim> Kind for LogSoftmaxAlong<P> {
    const IS: Meaning = Meaning::IsLogSoftmax;
    const ALONG: Option<usize> = Some(P::SIZE);
    type Moved = OfLogSoftmax;
    type Beside<N: Truth> = Anything;
    type After<K: Kind> = Self;
    type Within<L: Layer> = Self;
}

impl<P: Dim, N: Truth> Kind for OfReduction<P, N> {
    const IS: Meaning = Meaning::Whatever;
    const REMOVED: Option<usize> = if N::HOLDS { Some(P::SIZE) } else { None };
    type Moved = Self;
    type Beside<M: Truth> = OfReduction<P, N::And<M>>;
    type After<K: Kind> = Self;
    type Within<L: Layer> = Self;
}

/// The right operand, of shape `T` and kind `K`, lacks another axis of the left one, of shape `S`, than the first, which
/// broadcasting takes for the missing one.
pub(crate) struct KeepsAxis<S, T, K>(PhantomData<(S, T, K)>);

impl<S: Shape, T: Shape, K: Kind> Law for KeepsAxis<S, T, K> {
    const WRONG: Option<Message> = match K::REMOVED {
        Some(axis)
            if axis > 0 && is_without(T::SIZES, S::SIZES, axis) && is_without(T::SIZES, S::SIZES, 0) =>
        {
            let message = Message::new()
                .text("the result of a reduction along axis ")
                .number(axis)
                .text(" repeats along axis 0 of ")
                .sizes(S::SIZES)
                .text(": `x.mean_keepdim::<")
                .number(axis)
                .text(">().expand()`; if that is meant, `y.unsqueeze::<0>().expand()`");
            Some(message)
        }
        _ => None,
    };
}

/// Whether the sizes `short` are `long` without the axis.
const fn is_without(short: &[usize], long: &[usize], axis: usize) -> bool {
    if short.len() + 1 != long.len() {
        return false;
    }
    let mut i = 0;
    while i < short.len() {
        if short[i] != long[if i < axis { i } else { i + 1 }] {
            return false;
        }
        i += 1;
    }
    true
}

macro_rules! kinds {
    ($($kind:ident: $is:ident),*) => { $(
        impl Kind for $kind {
            const IS: Meaning = Meaning::$is;
            type Moved = $kind;
            type Beside<N: Truth> = Anything;
            type After<K: Kind> = $kind;
            type Within<L: Layer> = $kind;
        }
    )* };
}
impl Kind for Anything {
    const IS: Meaning = Meaning::Whatever;
    type Moved = Anything;
    type Beside<N: Truth> = Anything;
    type After<K: Kind> = Anything;
    type Within<L: Layer> = OfModule<L>;
}
kinds!(OfSoftmax: IsSoftmax, OfLogSoftmax: IsLogSoftmax, OfSigmoid: IsSigmoid);

impl Kind for AsBefore {
    const IS: Meaning = Meaning::Whatever;
    type Moved = AsBefore;
    type Beside<N: Truth> = PerElement<N>;
    type After<K: Kind> = K::Moved;
    type Within<L: Layer> = AsBefore;
}

impl<N: Truth> Kind for PerElement<N> {
    const IS: Meaning = Meaning::Whatever;
    type Moved = Self;
    type Beside<M: Truth> = PerElement<N::And<M>>;
    type After<K: Kind> = K::Beside<N>;
    type Within<L: Layer> = OfModule<L>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Context, Flow, Graph};
    use crate::prelude::*;
    use crate::shape::Const;

    type At<const P: usize> = OfReduction<Const<P>>;

    #[test]
    fn another_axis_than_the_first_is_missing() {
        assert!(KeepsAxis::<Rank2<4, 4>, Rank1<4>, At<1>>::BROKEN.is_some());
        assert!(KeepsAxis::<Rank3<4, 4, 5>, Rank2<4, 5>, At<1>>::BROKEN.is_some());
        assert!(KeepsAxis::<Rank3<4, 4, 4>, Rank2<4, 4>, At<2>>::BROKEN.is_some());
    }

    #[test]
    fn an_operand_with_one_reading_fits() {
        assert!(KeepsAxis::<Rank2<4, 4>, Rank1<4>, At<0>>::BROKEN.is_none());
        assert!(KeepsAxis::<Rank2<4, 4>, Rank1<4>, Anything>::BROKEN.is_none());
        assert!(KeepsAxis::<Rank2<3, 4>, Rank1<4>, At<1>>::BROKEN.is_none());
        assert!(KeepsAxis::<Rank3<2, 4, 4>, Rank1<4>, At<1>>::BROKEN.is_none());
        assert!(KeepsAxis::<Rank2<4, 4>, Rank2<4, 4>, At<1>>::BROKEN.is_none());
    }

    #[test]
    fn a_reduction_says_which_axis_it_removed() {
        fn removed<S: Shape, C: Context, F: Flow<S, f32>>(_: Tensor<S, f32, Graph<C, F>>) -> Option<usize> {
            F::Kind::REMOVED
        }
        let w = Param::new(Tensor::<Rank3<2, 3, 4>>::ones());
        assert_eq!(removed(w.track().sum_axis::<-1>()), Some(2));
        assert_eq!(removed(w.track().exp().mean_axis::<0>()), Some(0));
        assert_eq!(removed(w.track().max_axis::<1>()), Some(1));
        assert_eq!(removed(w.track().median_axis_with_indices::<1>().0), Some(1));
        assert_eq!(removed(w.track().quantile_axis::<-2>(0.5)), Some(1));
        assert_eq!(removed(w.track().mean_keepdim::<1>()), None);
        assert_eq!(removed(w.track().sum()), None);
        assert_eq!(removed(w.track().sum_axis::<1>().unsqueeze::<0>().exp().sum_axes::<Axes2<0, 1>>()), None);
        assert_eq!(removed(w.track()), None);
        assert_eq!(removed(w.track().exp()), None);
    }

    #[test]
    fn functions_of_each_element_keep_the_removed_axis() {
        fn removed<S: Shape, C: Context, F: Flow<S, f32>>(_: Tensor<S, f32, Graph<C, F>>) -> Option<usize> {
            F::Kind::REMOVED
        }
        let w = Param::new(Tensor::<Rank3<2, 3, 4>>::ones());
        let sum = || w.track().sum_axis::<1>();
        assert_eq!(removed(sum().sqrt() + 1e-6), Some(1));
        assert_eq!(removed((sum() * 0.5).clamp(0.0, 1.0).exp().reshape::<Rank1<8>>()), Some(1));
        assert_eq!(removed(1.0 / -sum().powi(2).relu()), Some(1));
        assert_eq!(removed(w.track().exp().sum_axis::<2>() + 1.0), Some(2));
        assert_eq!(removed(sum() + Tensor::<Rank2<2, 4>>::ones()), None);
        assert_eq!(removed(sum().softmax::<0>() * 2.0), None);
        assert_eq!(removed(sum().matmul(Tensor::<Rank2<4, 4>>::ones()) * 2.0), None);
    }
}
