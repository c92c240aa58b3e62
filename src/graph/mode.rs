//! Modes: training, evaluation, inference, sampling.

use super::boundary::{GradSlot, SharedInput};
use super::leaf::{Gradient, Leaf};
use super::{Chain, Flow, Nil, UseTwiceInsideShared};
use crate::element::Element;
use crate::shape::{Law, Shape};
use std::marker::PhantomData;

/// The mode a module runs in: whether layers train, and whether gradients are recorded.
///
/// The two are independent: [`Eval`] records gradients with layers that do not train, [`Sample`] has layers
/// that train (dropout drops) with nothing recorded.
pub trait Mode: Sized + 'static {
    /// Whether layers behave as in training: PyTorch's `module.training`.
    const TRAINING: bool;
    /// The same as a type.
    type Training: Switch;
    /// Whether the parameters record gradients.
    type Params: Switch;
    /// Whether the module's input is tracked.
    type Input: Switch;
    /// Whether a tensor that is shared inside the module may need a gradient.
    type Shares: Switch;
    /// This mode for a module whose input is a constant.
    type OnConstant: Mode<Input = Off>;
    /// This mode for a module whose input is tracked.
    type OnTracked: Mode<Input = On>;
    /// This mode inside a module that is frozen: layers do not train, and parameters record nothing.
    type Frozen: Mode<Input = Self::Input>;
    /// The same where the inputs of the frozen module are tracked if anything is.
    type FrozenShares: Mode<Shares = Self::Shares>;
    /// This mode with nothing recorded.
    type Unrecorded: Mode<Input = Off, Shares = Off>;
}

/// A bool as a type. The two implementers are [`On`] and [`Off`].
pub trait Switch: 'static {
    /// The bool as a value.
    const ON: bool;
    /// On if this or `R` is on.
    type Or<R: Switch>: Switch;
    /// The requirement `L` if this is on.
    #[doc(hidden)]
    type If<L: Law>: Law;
    /// The graph of a parameter where gradients are recorded or not.
    type Leaf<'a, S: Shape, E: Element>: Flow<S, E>;
    /// The graph of a tensor that may be used many times.
    type SharedFlow<S: Shape, E: Element>: Flow<S, E> + UseTwiceInsideShared;
    #[doc(hidden)]
    fn leaf<S: Shape, E: Element>(gradient: &Gradient<E>) -> Self::Leaf<'_, S, E>;
    #[doc(hidden)]
    fn share<S: Shape, E: Element>(slot: &GradSlot<E>) -> Self::SharedFlow<S, E>;
}

/// True.
#[derive(Debug)]
pub enum On {}
/// False.
#[derive(Debug)]
pub enum Off {}

impl Switch for On {
    const ON: bool = true;
    type Or<R: Switch> = On;
    type If<L: Law> = L;
    type Leaf<'a, S: Shape, E: Element> = Chain<Leaf<'a, S, E>, Nil>;
    type SharedFlow<S: Shape, E: Element> = Chain<SharedInput<S, E>, Nil>;
    fn leaf<S: Shape, E: Element>(gradient: &Gradient<E>) -> Self::Leaf<'_, S, E> {
        Chain::new(Leaf::new(gradient))
    }
    fn share<S: Shape, E: Element>(slot: &GradSlot<E>) -> Self::SharedFlow<S, E> {
        Chain::new(SharedInput::new(slot))
    }
}

impl Switch for Off {
    const ON: bool = false;
    type Or<R: Switch> = R;
    type If<L: Law> = ();
    type Leaf<'a, S: Shape, E: Element> = ();
    type SharedFlow<S: Shape, E: Element> = ();
    fn leaf<S: Shape, E: Element>(_: &Gradient<E>) {}
    fn share<S: Shape, E: Element>(_: &GradSlot<E>) {}
}

/// A mode of running: layers train (`T`), parameters record (`P`), the input is tracked (`I`).
#[derive(Debug)]
pub struct Run<T, P, I = Off>(PhantomData<fn() -> (T, P, I)>);

impl<T: Switch, P: Switch, I: Switch> Mode for Run<T, P, I> {
    const TRAINING: bool = T::ON;
    type Training = T;
    type Params = P;
    type Input = I;
    type Shares = P::Or<I>;
    type OnConstant = Run<T, P, Off>;
    type OnTracked = Run<T, P, On>;
    type Frozen = Run<Off, Off, I>;
    type FrozenShares = Run<Off, Off, P::Or<I>>;
    type Unrecorded = Run<T, Off, Off>;
}

/// The mode of [`check`](crate::nn::check): layers train, and the graph has everything, also the parameters of frozen
/// modules.
#[derive(Debug)]
pub struct CheckMode<T = On, I = On>(PhantomData<fn() -> (T, I)>);

impl<T: Switch, I: Switch> Mode for CheckMode<T, I> {
    const TRAINING: bool = T::ON;
    type Training = T;
    type Params = On;
    type Input = I;
    type Shares = On;
    type OnConstant = CheckMode<T, Off>;
    type OnTracked = CheckMode<T, On>;
    type Frozen = CheckMode<Off, I>;
    type FrozenShares = CheckMode<Off, I>;
    type Unrecorded = Run<T, Off, Off>;
}

/// Layers train and gradients are recorded: PyTorch after `model.train()`.
pub type Train = Run<On, On>;
/// Layers do not train, gradients are recorded: PyTorch after `model.eval()`.
pub type Eval = Run<Off, On>;
/// Layers do not train and nothing is recorded: `model.eval()` under `torch.no_grad()`.
pub type Infer = Run<Off, Off>;
/// Layers train and nothing is recorded: `model.train()` under `torch.no_grad()`, for Monte Carlo dropout.
pub type Sample = Run<On, Off>;
