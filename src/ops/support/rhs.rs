//! Right operands: tensors, parameters, numbers.

use crate::element::{Element, Float};
use crate::graph::{
    CompatibleWith, Context, Flow, Graph, KeepsAxis, Kind, PlainConstant, Switch, UseTwiceInsideShared,
};
use crate::kernel::elementwise::pointwise::Value;
use crate::shape::{Broadcast, Law, Meet, Message, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::marker::PhantomData;

/// A tensor or a parameter as the right operand of an operation in context `C`.
///
/// A parameter is tracked where the context records gradients.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the right operand here",
    label = "neither a tensor nor a parameter with elements `{E}`",
    note = "operands are tensors, `&Param`, and references to constants; `x.expand()` is one of `+ - * /`, and here `x.broadcast_to::<S>()`"
)]
pub trait Operand<C: Context, E: Element> {
    /// Its shape.
    type Shape: Shape;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<Self::Shape, E>;
    #[doc(hidden)]
    fn into_operand(self) -> (Storage<E>, Self::Flow);
}

// Short heads: rustc shows them in errors.
#[rustfmt::skip]
impl<C: Context, D: Context + CompatibleWith<C>, S: Shape, E: Element, F: Flow<S, E>> Operand<C, E> for Tensor<S, E, Graph<D, F>> {
    type Shape = S;
    type Context = D;
    type Flow = F;
    fn into_operand(self) -> (Storage<E>, F) {
        self.into_parts()
    }
}

#[rustfmt::skip]
impl<C, D, S, E, F> Operand<C, E> for &Tensor<S, E, Graph<D, F>>
where C: Context, D: Context + CompatibleWith<C>, S: Shape, E: Element, F: Flow<S, E> + UseTwiceInsideShared {
    type Shape = S;
    type Context = D;
    type Flow = F;
    fn into_operand(self) -> (Storage<E>, F) {
        self.clone().into_parts()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, C, S, E> Operand<C, E> for &'a Param<S, E>
where
    C: Context,
    S: Shape,
    E: Float,
{
    type Shape = S;
    type Context = C::WithParam;
    type Flow = <C::Params as Switch>::Leaf<'a, S, E>;
    fn into_operand(self) -> (Storage<E>, Self::Flow) {
        self.in_context::<C>().into_parts()
    }
}

/// The shape and the kind of the right operand fit the left one.
struct OperandFits<S, T, K>(PhantomData<(S, T, K)>);

impl<S: Shape, T: Shape, K: Kind> Law for OperandFits<S, T, K> {
    const WRONG: Option<Message> =
        if Meet::<S, T>::WRONG.is_some() { Meet::<S, T>::WRONG } else { KeepsAxis::<S, T, K>::WRONG };
}

/// The right operand of an element-wise operation whose left side has shape `S`: an [`Operand`] whose shape
/// fits, a number, or what [`expand`](Tensor::expand) gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a tensor of shape `{S}` with elements `{E}`",
    label = "does not fit elements of type `{E}`",
    note = "element types are equal: `2.0`, `n as f32`, `y.to::<f32>()`, `ops::Scalar(E::from_f64(2.0))`; operands are \
            tensors, numbers, `&Param`s, `buffer.value()`, `&x` of an `x` without graph"
)]
pub trait Pointwise<C: Context, S: Shape, E: Element> {
    /// Its own shape.
    type Shape: Shape;
    /// The shape of the result.
    type Output: Shape;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<Self::Shape, E>;
    /// The check that types cannot express: fails to build if computed sizes do not fit. Each operation names
    /// it, `let () = R::FITS;`, so that the error is at the user's line.
    const FITS: () = ();
    #[doc(hidden)]
    fn into_pointwise(self) -> (Value<E>, Self::Flow);
}

/// Each operand whose shape fits. Written for each kind, because a number can be no operand of a `matmul`, and a
/// blanket implementation would exclude it here.
macro_rules! pointwise_by_operand {
    ($fits:ty) => {
        type Shape = T;
        type Output = <S as Broadcast<T>>::Broadcasted;
        type Context = <Self as Operand<C, E>>::Context;
        type Flow = <Self as Operand<C, E>>::Flow;
        const FITS: () = <$fits as Law>::HOLDS;
        fn into_pointwise(self) -> (Value<E>, Self::Flow) {
            let (data, flow) = Operand::<C, E>::into_operand(self);
            (Value::Many(data), flow)
        }
    };
}

// The recommended impl: its errors say what does not fit. With the others, errors would list impls. rustc prints this head
// in them, so it is kept short.
#[rustfmt::skip]
impl<C: Context, S: Shape + Broadcast<T>, T: Shape, E: Element, G: GraphIn<C, T, E>> Pointwise<C, S, E> for Tensor<T, E, G>
{
    type Shape = T;
    type Output = <S as Broadcast<T>>::Broadcasted;
    type Context = G::Context;
    type Flow = G::Flow;
    const FITS: () = OperandFits::<S, T, <G::Flow as Flow<T, E>>::Kind>::HOLDS;
    fn into_pointwise(self) -> (Value<E>, Self::Flow) {
        (Value::Many(self.data), self.graph.into_flow())
    }
}

/// The graph of an operand in context `C`: it keeps the head of the impl above short.
pub trait GraphIn<C: Context, S: Shape, E: Element> {
    /// The context it was computed in.
    type Context: Context;
    /// How its gradient flows back.
    type Flow: Flow<S, E>;
    #[doc(hidden)]
    fn into_flow(self) -> Self::Flow;
}

impl<C, D, S, E, F> GraphIn<C, S, E> for Graph<D, F>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape,
    E: Element,
    F: Flow<S, E>,
{
    type Context = D;
    type Flow = F;
    fn into_flow(self) -> F {
        self.flow
    }
}

#[diagnostic::do_not_recommend]
impl<C, D, S, T, E, F> Pointwise<C, S, E> for &Tensor<T, E, Graph<D, F>>
where
    C: Context,
    D: Context + CompatibleWith<C>,
    S: Shape + Broadcast<T>,
    T: Shape,
    E: Element,
    F: Flow<T, E> + UseTwiceInsideShared,
{
    pointwise_by_operand!(OperandFits<S, T, F::Kind>);
}

#[diagnostic::do_not_recommend]
impl<C, S, T, E> Pointwise<C, S, E> for &Param<T, E>
where
    C: Context,
    S: Shape + Broadcast<T>,
    T: Shape,
    E: Float,
{
    pointwise_by_operand!(Meet<S, T>);
}

/// A number as an operand where its type is generic: `x * Scalar(lr)`. A literal needs no wrapping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalar<E>(pub E);

#[diagnostic::do_not_recommend]
impl<C: Context, S: Shape, E: Element> Pointwise<C, S, E> for Scalar<E> {
    type Shape = ();
    type Output = S;
    type Context = PlainConstant;
    type Flow = ();
    fn into_pointwise(self) -> (Value<E>, ()) {
        (Value::Scalar(self.0), ())
    }
}

macro_rules! impl_number {
    ($($t:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<C: Context, S: Shape> Pointwise<C, S, $t> for $t {
            type Shape = ();
            type Output = S;
            type Context = PlainConstant;
            type Flow = ();
            fn into_pointwise(self) -> (Value<$t>, ()) {
                (Value::Scalar(self), ())
            }
        }
    )* };
}
impl_number!(f32 f64 i64 bool);

/// The other operand of a parameter, which gives the parameter its context.
pub trait HasContext {
    /// The context, where that of numbers and parameters is [`PlainConstant`].
    type Here: Context;
}

impl<S, E, C: Context, F> HasContext for Tensor<S, E, Graph<C, F>> {
    type Here = C;
}

impl<S, E, C: Context, F> HasContext for &Tensor<S, E, Graph<C, F>> {
    type Here = C;
}

impl<S, E> HasContext for &Param<S, E> {
    type Here = PlainConstant;
}

impl<E> HasContext for Scalar<E> {
    type Here = PlainConstant;
}

macro_rules! impl_has_context {
    ($($t:ty)*) => { $(
        impl HasContext for $t {
            type Here = PlainConstant;
        }
    )* };
}
impl_has_context!(f32 f64 i64 bool);
