//! RMS normalization.

use super::affine::{AffineLayer, CountFits, Counting, MaybeParam, check_eps, number};
use super::bias::{Bias, WithoutBias, printed};
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

/// y = x / √(mean of x² + eps) w along the last axis. PyTorch's `nn.RMSNorm`.
///
/// In: `[*, N]`. Out: the same shape. `weight` is initialized to 1; `eps` is the machine epsilon of `E` unless
/// [`eps`](Self::eps) sets it. [`NoAffine<RmsNorm<N>>`](super::NoAffine) has no weight.
///
/// ```
/// use typegrad::prelude::*;
/// let norm = RmsNorm::<2, f64>::new(&mut Rng::seed(0)).eps(0.0);
/// let y = norm.infer(Tensor::from([[4.0, 4.0], [-3.0, 3.0]]));
/// assert_eq!(y, Tensor::from([[1.0, 1.0], [-1.0, 1.0]]));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(
    serialize = "E: Float + Serialize, W: Serialize",
    deserialize = "E: Float + Deserialize<'de>, W: Deserialize<'de>"
))]
pub struct RmsNorm<const N: usize, E = f32, W = Param<Rank1<N>, E>> {
    /// The weight, `[N]`, if there is one.
    pub weight: W,
    /// Added to the mean square: the machine epsilon of `E` if it is `None`.
    #[module(skip)]
    pub eps: Option<f64>,
    #[serde(skip)]
    element: std::marker::PhantomData<E>,
}

impl<const N: usize, E, W> AffineLayer for RmsNorm<N, E, W> {
    type WithoutAffine = RmsNorm<N, E, WithoutBias>;
}

impl<const N: usize, E, W> RmsNorm<N, E, W> {
    /// Sets `eps`, which is added to the mean of the squares.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[track_caller]
    #[must_use]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = Some(check_eps(eps));
        self
    }
}

impl<const N: usize, E, W> Init for RmsNorm<N, E, W>
where
    E: Float,
    W: Bias<Rank1<N>, E>,
{
    fn new(_: &mut Rng) -> Self {
        RmsNorm { weight: W::begin(Tensor::ones), eps: None, element: std::marker::PhantomData }
    }
}

impl<const N: usize, E, W> fmt::Debug for RmsNorm<N, E, W>
where
    E: Float,
    W: Bias<Rank1<N>, E>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (eps, affine) = (number(self.eps), printed(W::PRESENT));
        write!(f, "RMSNorm(({N},), eps={eps}, elementwise_affine={affine})")
    }
}

impl<const N: usize, E, W> Counting for RmsNorm<N, E, W> {
    const NAME: &'static str = "RmsNorm";
    const COUNTS: &'static str = " features";
}

impl<const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>> RmsNorm<N, E, W> {
    fn normalize<S: Shape, M: Mode, F: Flow<S, E>>(&self, x: Inside<S, E, M, F>) -> impl Traced<S, M, E> {
        let rows = RowLayout { size: N, groups: 1, inner: 1, centered: false };
        let eps = self.eps.unwrap_or(E::epsilon().as_f64());
        x.normalize_rows::<Rank1<N>, _, _, ()>(
            self.weight.operand::<InsideForward<M>>(),
            (None, ()),
            rows,
            eps,
        )
    }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<A: Dim, const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>> Forward<(A, Const<N>), E> for RmsNorm<N, E, W> {
    type Output = (A, Const<N>);
    fn forward<M: Mode>(&self, x: Input<(A, Const<N>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.normalize::<_, M, _>(x)
    }
}

along_last_axis! {
    [const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>] RmsNorm<N, E, W>,
    N => N, CountFits<Self, X, N>, |self, x| self.normalize::<_, M, _>(x);
}
