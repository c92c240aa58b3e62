//! The plain recurrent layer.

use super::layer::{self, Recurrent, recurrent_layer};
use super::params::{Collected, GateDim, RecurrentParams};
use super::shapes::{Depth, Direction, Directions, Named, Sequence, Width};
use crate::element::Float;
use crate::graph::{Flow, Mode, ModuleParts};
use crate::kernel::recurrent::cell::Kind;
use crate::kernel::recurrent::recurrent::Sizes;
use crate::nn::bias::{Bias, Biased, WithoutBias};
use crate::nn::{Dropout, Forward, Init, Module, Name, Param, Visitor, VisitorMut};
use crate::ops::{Layers, RecurrentOutput};
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Law, Laws};
use crate::storage::Storage;
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The activation of an [`Rnn`]. PyTorch's option `nonlinearity`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nonlinearity {
    /// tanh.
    #[default]
    #[doc(hidden)]
    #[serde(rename = "Tanh")]
    TanhOfSum,
    /// max(x, 0).
    #[doc(hidden)]
    #[serde(rename = "Relu")]
    ReluOfSum,
}

impl fmt::Debug for Nonlinearity {
    /// As the name that programs write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Nonlinearity::TanhOfSum => "Tanh",
            Nonlinearity::ReluOfSum => "Relu",
        })
    }
}

// Constants, because rustc would print the paths of the layers `Tanh` and `Relu` if variants had their names.
#[allow(non_upper_case_globals, reason = "they are written as the variants of an enum")]
impl Nonlinearity {
    /// tanh.
    pub const Tanh: Self = Nonlinearity::TanhOfSum;
    /// max(x, 0).
    pub const Relu: Self = Nonlinearity::ReluOfSum;

    pub(in crate::nn) fn kind(self) -> Kind {
        match self {
            Nonlinearity::TanhOfSum => Kind::Tanh,
            Nonlinearity::ReluOfSum => Kind::Relu,
        }
    }
}

recurrent_layer! {
    /// A recurrent layer without gates. PyTorch's `nn.RNN` with `batch_first=True`.
    ///
    /// h' = tanh(W x + b + U h + b').
    ///
    /// In: `[B, T, I]`, or `[T, I]` without a batch. Out: `[B, T, H]`; if `BIDIRECTIONAL`, `[B, T, H + H]`, where the
    /// second half comes from a run from the last step to the first. Each of the `LAYERS` after the first takes the output
    /// of the one before. The batch is always first: a type cannot tell `[B, T]` from `[T, B]`. A sequence of no steps
    /// gives no output and leaves the state as it is.
    ///
    /// The parameters are PyTorch's: `weight_ih_l0` is `[H, I]`, `weight_hh_l0` is `[H, H]`, `bias_ih_l0` and
    /// `bias_hh_l0` are `[H]`; `_l1` for the next layer, `_l0_reverse` for the other direction. All are initialized uniformly on
    /// ±1/√H, PyTorch's default. [`NoBias`](crate::nn::NoBias) leaves out the biases. They are in [`layers`](Self::layers):
    /// `weight_ih_l0` is `layers.first.forward.weight_ih`.
    ///
    /// [`Recurrent`] has the methods that take a first state and return the last one.
    ///
    /// ```
    /// use typegrad::nn::Nonlinearity;
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let rnn = Rnn::<8, 16>::new(rng).nonlinearity(Nonlinearity::Relu);
    /// let y: Tensor<Rank3<4, 10, 16>> = rnn.infer(Tensor::<Rank3<4, 10, 8>>::randn(rng));
    /// ```
    Rnn, "RNN", 1, State, |this| this.nonlinearity.kind(),
    Depth::<Self, LAYERS, H>::HOLDS,
    /// The activation, tanh by default. PyTorch's option `nonlinearity`.
    nonlinearity: Nonlinearity
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, L: Dim, const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E: Float, B> Forward<(N, L, Const<I>), E> for Rnn<I, H, LAYERS, BIDIRECTIONAL, E, B>
where
    Directions<BIDIRECTIONAL>: Direction,
    B: Bias<(GateDim<1, H>,), E> + 'static,
{
    type Output = (N, L, <Directions<BIDIRECTIONAL> as Direction>::Width<H>);
    fn forward<M: Mode>(&self, x: Input<(N, L, Const<I>), M, E>) -> impl Traced<Self::Output, M, E> {
        layer::output::<M, _, E, Self>(self, x)
    }
}
