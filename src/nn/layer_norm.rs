//! Layer normalization.

use super::affine::{AffineLayer, CountFits, Counting, MaybeParam, check_eps, number};
use super::bias::{Bias, Biased, WithoutBias, printed};
use super::forward_impls::{along_last_axis, computed_size};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::{Flow, InsideForward, Mode};
use crate::kernel::norm::layer_norm::RowLayout;
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Laws, Rank1, Shape};
use crate::tensor::{Input, Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// y = (x - mean) / √(variance + eps) w + b along the last axis. PyTorch's `nn.LayerNorm`.
///
/// In: `[*, N]`. Out: the same shape. The variance has the divisor N. `weight` is initialized to 1 and `bias` to 0; `eps` is
/// 1e-5 unless [`eps`](Self::eps) sets it. [`NoBias<LayerNorm<N>>`](super::NoBias) has a weight only, and
/// [`NoAffine<LayerNorm<N>>`](super::NoAffine) neither. Several axes are normalized together after `flatten`.
///
/// ```
/// use typegrad::prelude::*;
/// let norm = LayerNorm::<2, f64>::new(&mut Rng::seed(0)).eps(0.0);
/// let y = norm.infer(Tensor::from([[1.0, 3.0], [-5.0, 5.0]]));
/// assert_eq!(y, Tensor::from([[-1.0, 1.0], [-1.0, 1.0]]));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(
    serialize = "E: Float + Serialize, W: Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, W: Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct LayerNorm<const N: usize, E = f32, W = Param<Rank1<N>, E>, B = Param<Rank1<N>, E>> {
    /// The weight, `[N]`, if there is one.
    pub weight: W,
    /// The bias, `[N]`, if there is one.
    pub bias: B,
    /// Added to the variance.
    #[module(skip)]
    pub eps: f64,
    #[serde(skip)]
    element: std::marker::PhantomData<E>,
}

#[diagnostic::do_not_recommend]
impl<const N: usize, E, W, B> Biased for LayerNorm<N, E, W, B> {
    type WithoutBias = LayerNorm<N, E, W, WithoutBias>;
}

impl<const N: usize, E, W, B> AffineLayer for LayerNorm<N, E, W, B> {
    type WithoutAffine = LayerNorm<N, E, WithoutBias, WithoutBias>;
}

impl<const N: usize, E, W, B> LayerNorm<N, E, W, B> {
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

impl<const N: usize, E, W, B> LayerNorm<N, E, W, B>
where
    E: Float,
    W: MaybeParam<Rank1<N>, E>,
    B: MaybeParam<Rank1<N>, E>,
{
    /// Applies the layer, or not, with one result type: the caller knows that the last axis is `N`. So a layer can
    /// choose at run time where to normalize.
    pub(super) fn apply_if<S, M: Mode, F>(
        &self,
        normalize: bool,
        x: Inside<S, E, M, F>,
    ) -> Inside<S, E, M, impl Flow<S, E>>
    where
        S: Shape,
        F: Flow<S, E>,
    {
        let rows = RowLayout { size: N, groups: 1, inner: 1, centered: true };
        let (weight, bias) =
            (self.weight.operand::<InsideForward<M>>(), self.bias.operand::<InsideForward<M>>());
        x.layer_norm_if::<Rank1<N>, _, _, ()>(normalize, weight, bias, rows, self.eps)
    }
}

impl<const N: usize, E, W, B> Init for LayerNorm<N, E, W, B>
where
    E: Float,
    W: Bias<Rank1<N>, E>,
    B: Bias<Rank1<N>, E>,
{
    fn new(_: &mut Rng) -> Self {
        let (weight, bias) = (W::begin(Tensor::ones), B::begin(Tensor::zeros));
        LayerNorm { weight, bias, eps: 1e-5, element: std::marker::PhantomData }
    }
}

impl<const N: usize, E, W, B> fmt::Debug for LayerNorm<N, E, W, B>
where
    E: Float,
    W: Bias<Rank1<N>, E>,
    B: Bias<Rank1<N>, E>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (affine, bias) = (printed(W::PRESENT), printed(B::PRESENT));
        let eps = number(Some(self.eps));
        write!(f, "LayerNorm(({N},), eps={eps}, elementwise_affine={affine}, bias={bias})")
    }
}

impl<const N: usize, E, W, B> Counting for LayerNorm<N, E, W, B> {
    const NAME: &'static str = "LayerNorm";
    const COUNTS: &'static str = " features";
}

impl<const N: usize, E, W, B> LayerNorm<N, E, W, B>
where
    E: Float,
    W: MaybeParam<Rank1<N>, E>,
    B: MaybeParam<Rank1<N>, E>,
{
    fn normalize<S: Shape, M: Mode, F: Flow<S, E>>(&self, x: Inside<S, E, M, F>) -> impl Traced<S, M, E> {
        let rows = RowLayout { size: N, groups: 1, inner: 1, centered: true };
        let (weight, bias) =
            (self.weight.operand::<InsideForward<M>>(), self.bias.operand::<InsideForward<M>>());
        x.normalize_rows::<Rank1<N>, _, _, ()>(weight, bias, rows, self.eps)
    }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<A: Dim, const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>, B: MaybeParam<Rank1<N>, E>> Forward<(A, Const<N>), E> for LayerNorm<N, E, W, B> {
    type Output = (A, Const<N>);
    fn forward<M: Mode>(&self, x: Input<(A, Const<N>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.normalize::<_, M, _>(x)
    }
}

along_last_axis! {
    [const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>, B: MaybeParam<Rank1<N>, E>] LayerNorm<N, E, W, B>,
    N => N, CountFits<Self, X, N>, |self, x| self.normalize::<_, M, _>(x);
}
