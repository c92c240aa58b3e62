//! The context of a computation: outside of modules, or inside one that runs in a mode.

use super::{Mode, Off, On, Run, Switch};
use crate::shape::Is;
use std::marker::PhantomData;

/// The context in which a tensor is computed.
///
/// A plain constant combines with every context, a computation inside a module only with its own mode. So the output of a
/// layer in training cannot be combined with a tensor that was computed for evaluation.
pub trait Context: 'static {
    /// The context of an operation on a tensor of this context and one of context `R`.
    type Or<R: Context>: Context;
    /// The context of an operation with a parameter.
    type WithParam: Context;
    /// The context of a tensor that is detached here.
    type Detached: Context;
    /// Whether parameters record gradients here.
    type Params: Switch;
    /// Whether a tensor that is [`shared`](crate::Tensor::shared) here may need a gradient.
    type Shares: Switch;
    /// Whether a state that is carried from step to step here may need a gradient: also outside of modules, where
    /// the first state is a constant and the next ones come from parameters.
    type States: Switch;
    /// The context inside a frozen module that is called here.
    type Frozen: Context;
}

/// The context of plain constants, which combine with every other context.
#[derive(Debug)]
pub enum PlainConstant {}

/// The context of computations outside of any module. Gradients are recorded, as in PyTorch.
#[derive(Debug)]
pub enum OutsideForward {}

/// The context of a computation inside a module that runs in mode `M`.
#[derive(Debug)]
pub struct InsideForward<M>(PhantomData<fn() -> M>);

impl Context for PlainConstant {
    type Or<R: Context> = R;
    type WithParam = OutsideForward;
    type Detached = PlainConstant;
    type Params = On;
    type Shares = Off;
    type States = On;
    type Frozen = InsideForward<Run<Off, Off, On>>;
}

impl Context for OutsideForward {
    type Or<R: Context> = OutsideForward;
    type WithParam = OutsideForward;
    type Detached = PlainConstant;
    type Params = On;
    type Shares = On;
    type States = On;
    type Frozen = InsideForward<Run<Off, Off, On>>;
}

impl<M: Mode> Context for InsideForward<M> {
    type Or<R: Context> = InsideForward<M>;
    type WithParam = InsideForward<M>;
    type Detached = InsideForward<M>;
    type Params = M::Params;
    type Shares = M::Shares;
    type States = M::Shares;
    type Frozen = InsideForward<M::FrozenShares>;
}

/// A tensor of context `Self` may be the operand of one of context `C`.
#[diagnostic::on_unimplemented(
    message = "tensors of two contexts are combined: one of context `{Self}` and one of context `{C}`",
    label = "this belongs to another mode",
    note = "inside `forward`, run a layer with `self.layer.call(x)`, and bring a parameter in with `self.weight.traced::<M>()`",
    note = "outside of modules, `detach()` makes a plain constant, which combines with every context"
)]
pub trait CompatibleWith<C> {
    /// `Y`, the type of a result; unknown if the contexts do not fit, so that rustc reports that once.
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
}

// One line each: rustc shows them in errors.
#[rustfmt::skip]
mod compatible {
    use super::*;
    impl<C: Context> CompatibleWith<C> for PlainConstant { type Then<Y> = Y; }
    #[diagnostic::do_not_recommend]
    impl CompatibleWith<PlainConstant> for OutsideForward { type Then<Y> = Y; }
    #[diagnostic::do_not_recommend]
    impl CompatibleWith<OutsideForward> for OutsideForward { type Then<Y> = Y; }
    #[diagnostic::do_not_recommend]
    impl<M: Mode> CompatibleWith<PlainConstant> for InsideForward<M> { type Then<Y> = Y; }
    #[diagnostic::do_not_recommend]
    impl<M: Mode> CompatibleWith<InsideForward<M>> for InsideForward<M> { type Then<Y> = Y; }
}

/// The context of a computation inside a module, where other modules are called.
#[diagnostic::on_unimplemented(
    message = "`call` is for layers inside `forward`, but this tensor does not come from there",
    label = "this tensor belongs to no mode",
    note = "outside of `forward`, run a network with `net.train(x)`, `net.eval(x)` or `net.infer(x)`",
    note = "`net.train2(x, y)` runs one of two inputs, `gru.train_from(x, state)` a recurrent layer from a state",
    note = "inside `forward`, leave out `.value()` and `.infer(x)`, which stop gradients; a constant that is made there, as by \
            `Tensor::ones()`, is brought in with `x.within::<M>()`"
)]
pub trait RunsLayers: Context {
    /// The mode.
    type Mode: Mode;
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
}
#[diagnostic::do_not_recommend]
impl<M: Mode> RunsLayers for InsideForward<M> {
    type Mode = M;
    type Then<Y> = Y;
}

/// A context outside of modules: that of plain constants, or that of a computation that uses parameters.
#[diagnostic::on_unimplemented(
    message = "a module is entered from outside of modules, but this tensor is inside one: `{Self}`",
    label = "a tensor inside `forward`",
    note = "inside `forward`, run a layer with `self.layer.call(x)`, which keeps the mode"
)]
pub trait Outer: Context {
    /// `Y`, the type of a result; unknown inside a module, so that rustc reports that once.
    #[doc(hidden)]
    type Then<Y>: Is<Y>;
}
#[diagnostic::do_not_recommend]
impl Outer for PlainConstant {
    type Then<Y> = Y;
}
#[diagnostic::do_not_recommend]
impl Outer for OutsideForward {
    type Then<Y> = Y;
}

/// A context in which parameters may have been used: every one but that of plain constants.
#[diagnostic::on_unimplemented(
    message = "this tensor does not require grad: no parameter is upstream of it",
    label = "a plain constant has no graph to run backward",
    note = "start from a parameter with `param.track()`, or from a module with `net.train(x)`; `x.detach()`, `x.value()` and \
            `net.infer(x)` give plain constants",
    note = "a sum of losses in a loop starts from the first one, `let mut total = first.boxed();`, and is `total = (total + loss).boxed();`"
)]
pub trait Records: Context {}
#[diagnostic::do_not_recommend]
impl Records for OutsideForward {}
#[diagnostic::do_not_recommend]
impl<M: Mode> Records for InsideForward<M> {}

/// A context whose scalars have an [`item`](crate::Tensor::item): every one but that of a computation with parameters outside
/// of modules. There `backward` takes the loss, and returns the number.
///
/// A call of `item` after `backward` is then an error of types, which rustc reports before it looks at borrows and moves: it
/// would report several.
#[diagnostic::on_unimplemented(
    message = "the number of a loss is what `backward` returns",
    label = "a loss with a graph has no `item`",
    note = "after `let loss = loss.backward();` the loss is the number; a plain `loss.backward();` takes it away",
    note = "before a backward pass, or without one: `loss.value().item()`, which leaves the graph as it is"
)]
pub trait HasItem {}
#[diagnostic::do_not_recommend]
impl HasItem for PlainConstant {}
#[diagnostic::do_not_recommend]
impl<M: Mode> HasItem for InsideForward<M> {}
