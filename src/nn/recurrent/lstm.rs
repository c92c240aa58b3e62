//! The LSTM.

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

recurrent_layer! {
    /// A long short-term memory. PyTorch's `nn.LSTM` with `batch_first=True`.
    ///
    /// With the gates i, f, o = σ(W x + b + U h + b') and g = tanh(W x + b + U h + b'): c' = f c + i g, h' = o tanh c'.
    ///
    /// In: `[B, T, I]`, or `[T, I]` without a batch. Out: `[B, T, H]`; if `BIDIRECTIONAL`, `[B, T, H + H]`, where the
    /// second half comes from a run from the last step to the first. Each of the `LAYERS` after the first takes the output
    /// of the one before. The batch is always first: a type cannot tell `[B, T]` from `[T, B]`. A sequence of no steps
    /// gives no output and leaves the state as it is.
    ///
    /// The parameters are PyTorch's: `weight_ih_l0` is `[4H, I]`, `weight_hh_l0` is `[4H, H]`, `bias_ih_l0` and
    /// `bias_hh_l0` are `[4H]`, in the order i, f, g, o; `_l1` for the next layer, `_l0_reverse` for the other direction. All are initialized uniformly on
    /// ±1/√H, PyTorch's default. [`NoBias`](crate::nn::NoBias) leaves out the biases. They are in [`layers`](Self::layers):
    /// `weight_ih_l0` is `layers.first.forward.weight_ih`.
    ///
    /// [`Recurrent`] has the methods that take a first state and return the last one.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let lstm = Lstm::<8, 16>::new(rng);
    /// let y: Tensor<Rank3<4, 10, 16>> = lstm.infer(Tensor::<Rank3<4, 10, 8>>::randn(rng));
    ///
    /// // Two layers in both directions, with dropout between them.
    /// let deep = Lstm::<8, 16, 2, true>::new(rng).dropout(0.2);
    /// let y: Tensor<Rank3<4, 10, 32>> = deep.infer(Tensor::<Rank3<4, 10, 8>>::randn(rng)).with_shape();
    /// ```
    Lstm, "LSTM", 4, States, |_this| Kind::Lstm,
    Depth::<Self, LAYERS, H>::HOLDS
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, L: Dim, const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E: Float, B> Forward<(N, L, Const<I>), E> for Lstm<I, H, LAYERS, BIDIRECTIONAL, E, B>
where
    Directions<BIDIRECTIONAL>: Direction,
    B: Bias<(GateDim<4, H>,), E> + 'static,
{
    type Output = (N, L, <Directions<BIDIRECTIONAL> as Direction>::Width<H>);
    fn forward<M: Mode>(&self, x: Input<(N, L, Const<I>), M, E>) -> impl Traced<Self::Output, M, E> {
        layer::output::<M, _, E, Self>(self, x)
    }
}
