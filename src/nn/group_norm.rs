//! Group normalization.

use super::affine::{AffineLayer, CountFits, Counting, MaybeParam, check_eps, number};
use super::bias::{Bias, Biased, WithoutBias, printed};
use super::forward_impls::computed_size;
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::{Flow, InsideForward, Mode};
use crate::kernel::norm::layer_norm::RowLayout;
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Law, Laws, Message, Rank1, Shape};
use crate::tensor::{Input, Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// y = (x - mean) / √(variance + eps) w + b, with the mean and the variance of each of `G` groups of channels of each
/// example, and a weight and a bias for each channel. PyTorch's `nn.GroupNorm`.
///
/// In: `[batch, C]`, `[batch, C, length]` or `[batch, C, height, width]`. Out: the same shape. `G` must divide `C`; otherwise the
/// program does not build. `weight` is initialized to 1 and `bias` to 0; `eps` is 1e-5 unless [`eps`](Self::eps) sets
/// it. [`NoAffine<GroupNorm<G, C>>`](super::NoAffine) has neither weight nor bias.
///
/// ```
/// use typegrad::prelude::*;
/// let norm = GroupNorm::<1, 2, f64>::new(&mut Rng::seed(0)).eps(0.0);
/// let y = norm.infer(Tensor::from([[[1.0, 1.0], [3.0, 3.0]]]));
/// assert_eq!(y, Tensor::from([[[-1.0, -1.0], [1.0, 1.0]]]));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[__law(LayerGroups<G, C>)]
#[serde(bound(
    serialize = "E: Float + Serialize, W: Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, W: Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct GroupNorm<const G: usize, const C: usize, E = f32, W = Param<Rank1<C>, E>, B = Param<Rank1<C>, E>>
{
    /// The weight, `[C]`, if there is one.
    pub weight: W,
    /// The bias, `[C]`, if there is one.
    pub bias: B,
    /// Added to the variance.
    #[module(skip)]
    pub eps: f64,
    #[serde(skip)]
    element: PhantomData<E>,
}

#[diagnostic::do_not_recommend]
impl<const G: usize, const C: usize, E, W, B> Biased for GroupNorm<G, C, E, W, B> {
    type WithoutBias = GroupNorm<G, C, E, W, WithoutBias>;
}

impl<const G: usize, const C: usize, E, W, B> AffineLayer for GroupNorm<G, C, E, W, B> {
    type WithoutAffine = GroupNorm<G, C, E, WithoutBias, WithoutBias>;
}

/// The groups divide the channels.
struct LayerGroups<const G: usize, const C: usize>;

impl<const G: usize, const C: usize> Law for LayerGroups<G, C> {
    const WRONG: Option<Message> = if G > 0 && C.is_multiple_of(G) {
        None
    } else {
        let message = Message::new()
            .text("the layer `GroupNorm` divides its channels into equal groups: num_channels (")
            .number(C)
            .text(") must be divisible by num_groups (")
            .number(G)
            .text(")");
        Some(message)
    };
}

impl<const G: usize, const C: usize, E, W, B> GroupNorm<G, C, E, W, B> {
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

impl<const G: usize, const C: usize, E, W, B> Init for GroupNorm<G, C, E, W, B>
where
    E: Float,
    W: Bias<Rank1<C>, E>,
    B: Bias<Rank1<C>, E>,
{
    const TYPE_HOLDS: () = LayerGroups::<G, C>::HOLDS;
    fn new(_: &mut Rng) -> Self {
        let () = LayerGroups::<G, C>::HOLDS;
        let (weight, bias) = (W::begin(Tensor::ones), B::begin(Tensor::zeros));
        GroupNorm { weight, bias, eps: 1e-5, element: PhantomData }
    }
}

impl<const G: usize, const C: usize, E, W, B> fmt::Debug for GroupNorm<G, C, E, W, B>
where
    E: Float,
    W: Bias<Rank1<C>, E>,
    B: Bias<Rank1<C>, E>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (affine, bias) = (printed(W::PRESENT), printed(B::PRESENT));
        let eps = number(Some(self.eps));
        write!(f, "GroupNorm({G}, {C}, eps={eps}, affine={affine}, bias={bias})")
    }
}

impl<const G: usize, const C: usize, E, W, B> Counting for GroupNorm<G, C, E, W, B> {
    const NAME: &'static str = "GroupNorm";
    const COUNTS: &'static str = " channels";
}

impl<const G: usize, const C: usize, E, W, B> GroupNorm<G, C, E, W, B>
where
    E: Float,
    W: MaybeParam<Rank1<C>, E>,
    B: MaybeParam<Rank1<C>, E>,
{
    /// Normalizes groups of channels of `inner` elements.
    fn normalize<S: Shape, M: Mode, F: Flow<S, E>>(
        &self,
        x: Inside<S, E, M, F>,
        inner: usize,
    ) -> impl Traced<S, M, E> {
        let rows = RowLayout { size: C / G * inner, groups: G, inner, centered: true };
        let (weight, bias) =
            (self.weight.operand::<InsideForward<M>>(), self.bias.operand::<InsideForward<M>>());
        x.normalize_rows::<Rank1<C>, _, _, ()>(weight, bias, rows, self.eps)
    }
}

macro_rules! impl_forward {
    ($($dim:ident)*) => {
        impl_forward!(@computed $($dim)*);

        #[diagnostic::do_not_recommend]
        impl<N: Dim, $($dim: Dim,)* const G: usize, const C: usize, E, W, B> Forward<(N, Const<C>, $($dim,)*), E>
            for GroupNorm<G, C, E, W, B>
        where
            E: Float,
            W: MaybeParam<Rank1<C>, E>,
            B: MaybeParam<Rank1<C>, E>,
        {
            impl_forward!(@body $($dim)*);
        }
    };
    (@body $($dim:ident)*) => {
        type Output = (N, Const<C>, $($dim,)*);
        fn forward<M: Mode>(&self, x: Input<(N, Const<C>, $($dim,)*), M, E>) -> impl Traced<Self::Output, M, E> {
            self.normalize::<_, M, _>(x, 1 $(* $dim::SIZE)*)
        }
    };
    (@computed $($dim:ident)*) => {
        computed_size!(
            [N: Dim, $($dim: Dim,)* const G: usize, const C: usize, E: Float, W: MaybeParam<Rank1<C>, E>, B: MaybeParam<Rank1<C>, E>]
            GroupNorm<G, C, E, W, B>, (N, Expr<X>, $($dim,)*) => (N, Const<C>, $($dim,)*), CountFits<Self, X, C>,
            |self, x| self.normalize::<_, M, _>(x, 1 $(* $dim::SIZE)*);
        );
    };
}
impl_forward!();
impl_forward!(L);
impl_forward!(@computed H V);

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, H: Dim, V: Dim, const G: usize, const C: usize, E: Float, W, B> Forward<(N, Const<C>, H, V), E> for GroupNorm<G, C, E, W, B>
where
    W: MaybeParam<Rank1<C>, E>,
    B: MaybeParam<Rank1<C>, E>,
{
    impl_forward!(@body H V);
}
