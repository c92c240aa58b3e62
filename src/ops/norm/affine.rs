//! The weight and the bias of a normalization, which may be absent.

use crate::element::{Element, Float};
use crate::graph::{CompatibleWith, Context, Flow, Graph, PlainConstant, UseTwiceInsideShared};
use crate::ops::support::packed::{Optional, Packed, PackedBackward};
use crate::ops::support::rhs::Operand;
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::tensor::param::Param;

/// A weight or bias of shape `P` in the context `C`: a tensor, a reference to a constant, a parameter, or `()` for none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a weight or bias of shape `{P}` with elements `{E}`",
    label = "not as long as the axis that is normalized",
    note = "pass `()` for an absent weight or bias"
)]
pub trait AffineOperand<C: Context, P: Shape, E: Element> {
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<P, E>;
    #[doc(hidden)]
    fn into_affine(self) -> Optional<E, Self::Flow>;
}

impl<C: Context, P: Shape, E: Element> AffineOperand<C, P, E> for () {
    type Context = PlainConstant;
    type Flow = ();
    fn into_affine(self) -> Optional<E, ()> {
        (None, ())
    }
}

macro_rules! affine_by_operand {
    () => {
        type Context = <Self as Operand<C, E>>::Context;
        type Flow = <Self as Operand<C, E>>::Flow;
        fn into_affine(self) -> Optional<E, Self::Flow> {
            let (data, flow) = Operand::<C, E>::into_operand(self);
            (Some(data), flow)
        }
    };
}

#[diagnostic::do_not_recommend]
impl<C, D, P, E, F> AffineOperand<C, P, E> for Tensor<P, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    P: Shape,
    E: Element,
    F: Flow<P, E>,
{
    affine_by_operand!();
}

#[diagnostic::do_not_recommend]
impl<C, D, P, E, F> AffineOperand<C, P, E> for &Tensor<P, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    P: Shape,
    E: Element,
    F: Flow<P, E> + UseTwiceInsideShared,
{
    affine_by_operand!();
}

#[diagnostic::do_not_recommend]
impl<C, P, E> AffineOperand<C, P, E> for &Param<P, E>
where
    C: Context,
    P: Shape,
    E: Float,
{
    affine_by_operand!();
}

/// The result of a normalization with the weight `W` and the bias `A` of shape `P`, whose backward pass is `B`.
pub type Normalized<S, E, C, F, P, W, A, B> = WithAffine<
    S,
    E,
    <<C as Context>::Or<<W as AffineOperand<C, P, E>>::Context> as Context>::Or<
        <A as AffineOperand<C, P, E>>::Context,
    >,
    F,
    P,
    <W as AffineOperand<C, P, E>>::Flow,
    <A as AffineOperand<C, P, E>>::Flow,
    B,
>;

/// [`Normalized`] in the context `C`, where the weight has the flow `W`, and the bias the flow `A`.
pub(crate) type WithAffine<S, E, C, F, P, W, A, B> = Tensor<
    S,
    E,
    Graph<
        C,
        <F as Flow<S, E>>::Join<
            S,
            Packed<P, P>,
            <W as Flow<P, E>>::Join<Packed<P, P>, P, A, PackedBackward>,
            B,
        >,
    >,
>;

#[track_caller]
pub(crate) fn check_eps(eps: f64) -> f64 {
    assert!(eps >= 0.0, "eps must be at least 0, but got {eps}");
    eps
}
