//! The fully connected layer.

use super::bias::{self, Bias, Biased, WithoutBias};
use super::forward_impls::{OfInput, along_last_axis, computed_size};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::{Flow, Mode};
use crate::kernel::gemm::Epilogue;
use crate::kernel::{Layout, matmul_then};
use crate::module::{Follower, Following};
use crate::rng::Rng;
use crate::shape::{Axis, Broken, Const, Dim, DimExpr, Expr, Law, Laws, Message, Rank1, Rank2, Shape};
use crate::storage::Storage;
use crate::tensor::{Computed, Input, Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// y = x Wᵀ + b. PyTorch's `nn.Linear`.
///
/// In: `[*, I]`. Out: `[*, O]`. `weight` is `[O, I]` and `bias` is `[O]`; both are initialized uniformly on ±1/√I, PyTorch's
/// default. [`NoBias<Linear<I, O>>`](super::NoBias) has no bias.
///
/// ```
/// use typegrad::prelude::*;
/// let fc = Linear::<3, 2>::new(&mut Rng::seed(0));
/// let y: Tensor<Rank2<4, 2>> = fc.infer(Tensor::<Rank2<4, 3>>::ones());
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[__gives_scores]
#[serde(bound(
    serialize = "E: Float + Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct Linear<const I: usize, const O: usize, E = f32, B = Param<Rank1<O>, E>> {
    /// The weights, `[O, I]`.
    pub weight: Param<Rank2<O, I>, E>,
    /// The bias, `[O]`, if there is one.
    pub bias: B,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, E, B> Biased for Linear<I, O, E, B> {
    type WithoutBias = Linear<I, O, E, WithoutBias>;
}

impl<const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>> Init for Linear<I, O, E, B> {
    fn new(rng: &mut Rng) -> Self {
        let bound = E::from_f64(super::init::uniform_bound(I));
        Linear {
            weight: Param::new(Tensor::uniform(-bound, bound, rng)),
            bias: B::begin(|| Tensor::uniform(-bound, bound, rng)),
        }
    }
}

impl<const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>> fmt::Debug for Linear<I, O, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Linear(in_features={I}, out_features={O}, bias={})", bias::printed(B::PRESENT))
    }
}

impl<const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>> Linear<I, O, E, B> {
    /// x Wᵀ + b, for the layers that contain this one.
    pub(super) fn project<S, M: Mode, F>(
        &self,
        x: Inside<S, E, M, F>,
    ) -> Inside<S::With<Const<O>>, E, M, impl Flow<S::With<Const<O>>, E>>
    where
        S: Axis<-1, Dim = Const<I>>,
        F: Flow<S, E>,
    {
        self.bias.linear(x, &self.weight).into_tensor()
    }

    /// The result after ReLU, if that is what follows: it is done when a sum is complete.
    fn with_relu(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        let bias = self.bias.param()?;
        if next.kinds.first() != Some(&Some(Follower::Relu)) || I == 0 {
            return None;
        }
        let weight = (self.weight.value().as_slice(), Layout::Transposed);
        let epilogue = Epilogue::BiasRelu(bias.value().as_slice());
        Some((matmul_then([x.len() / I, I, O], (x, Layout::Normal), weight, epilogue), 1))
    }
}

along_last_axis! {
    [const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>] Linear<I, O, E, B>, I => O, Width<X, I, O>,
    |self, x| self.bias.linear(x, &self.weight);
    fn infer_with(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        self.with_relu(x, next)
    }
}

// The impl that errors name, so it is not hidden and its head is kept short: without one, rustc lists the tuples.
#[rustfmt::skip]
impl<A: Dim, const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>> Forward<(A, Const<I>), E> for Linear<I, O, E, B> {
    type Output = (A, Const<O>);
    fn forward<M: Mode>(&self, x: Input<(A, Const<I>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.bias.linear(x, &self.weight)
    }

    fn infer_with(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        self.with_relu(x, next)
    }
}

/// A computed width `X` that does not fit.
struct Width<X, const I: usize, const O: usize>(X);

impl<S: Shape, X: DimExpr, const I: usize, const O: usize> OfInput<S> for Width<X, I, O> {
    const BROKEN: Broken = if X::LOST { None } else { <InputWidth<S, I, O> as Law>::BROKEN };
}

/// The last axis of `S` has the size `I`.
struct InputWidth<S, const I: usize, const O: usize>(S);

impl<S: Shape, const I: usize, const O: usize> Law for InputWidth<S, I, O> {
    const WRONG: Option<Message> = {
        let (last, message) =
            (S::SIZES[S::RANK - 1], Message::new().text("the layer `Linear` takes inputs of width "));
        let message = message.number(I).text(", but this one ");
        if last == I {
            None
        } else if S::RANK > 2 && S::NUMEL == S::SIZES[0] * I {
            let message = message.text("has the shape ").sizes(S::SIZES);
            Some(message.text(": write `Flatten` or `x.flatten_axes::<1, -1>()` before it"))
        } else {
            let message = message.text("is ").number(last).text(" wide; `Linear<").number(last);
            Some(message.text(", ").number(O).text(">` takes it"))
        }
    };
}
