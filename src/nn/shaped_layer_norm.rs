//! Layer normalization over several axes.

use super::affine::{MaybeParam, check_eps, number};
use super::bias::{Bias, printed};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::{InsideForward, Mode};
use crate::kernel::norm::layer_norm::RowLayout;
use crate::rng::Rng;
use crate::shape::{Broadcast, Shape};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// y = (x - mean) / √(variance + eps) w + b over the last axes, which have the shape `P`. PyTorch's `nn.LayerNorm((c, h, w))`;
/// along the last axis alone it is [`LayerNorm`](super::LayerNorm).
///
/// In: `[*, P]`. Out: the same shape. `weight` and `bias` have the shape `P`, and are initialized to 1 and 0; `eps` is 1e-5
/// unless [`eps`](Self::eps) sets it. [`WithoutBias`](super::WithoutBias) as the type of a parameter leaves it out.
///
/// ```
/// use typegrad::prelude::*;
/// let norm = ShapedLayerNorm::<Rank2<2, 2>>::new(&mut Rng::seed(0)).eps(0.0);
/// let y = norm.infer(Tensor::from([[[1.0, 1.0], [3.0, 3.0]]]));
/// assert_eq!(y, Tensor::from([[[-1.0, -1.0], [1.0, 1.0]]]));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(
    serialize = "E: Float + Serialize, W: Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, W: Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct ShapedLayerNorm<P, E = f32, W = Param<P, E>, B = Param<P, E>> {
    /// The weight, of shape `P`, if there is one.
    pub weight: W,
    /// The bias, of shape `P`, if there is one.
    pub bias: B,
    /// Added to the variance.
    #[module(skip)]
    pub eps: f64,
    #[serde(skip)]
    shape: PhantomData<fn() -> (P, E)>,
}

impl<P, E, W, B> ShapedLayerNorm<P, E, W, B> {
    /// Sets `eps`, which is added to the variance; 1e-5 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[track_caller]
    #[must_use]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = check_eps(eps);
        self
    }
}

impl<P: Shape, E: Float, W: Bias<P, E>, B: Bias<P, E>> Init for ShapedLayerNorm<P, E, W, B> {
    fn new(_: &mut Rng) -> Self {
        let (weight, bias) = (W::begin(Tensor::ones), B::begin(Tensor::zeros));
        ShapedLayerNorm { weight, bias, eps: 1e-5, shape: PhantomData }
    }
}

impl<P: Shape, E: Float, W: Bias<P, E>, B: Bias<P, E>> fmt::Debug for ShapedLayerNorm<P, E, W, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (affine, bias) = (printed(W::PRESENT), printed(B::PRESENT));
        let sizes: Vec<_> = P::SIZES.iter().map(usize::to_string).collect();
        let eps = number(Some(self.eps));
        write!(f, "LayerNorm(({}), eps={eps}, elementwise_affine={affine}, bias={bias})", sizes.join(", "))
    }
}

impl<S, P, E, W, B> Forward<S, E> for ShapedLayerNorm<P, E, W, B>
where
    S: Shape + Broadcast<P, Broadcasted = S>,
    P: Shape,
    E: Float,
    W: MaybeParam<P, E>,
    B: MaybeParam<P, E>,
{
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        let rows = RowLayout { size: P::NUMEL, groups: 1, inner: 1, centered: true };
        let (weight, bias) =
            (self.weight.operand::<InsideForward<M>>(), self.bias.operand::<InsideForward<M>>());
        x.normalize_rows::<P, _, _, ()>(weight, bias, rows, self.eps)
    }
}
