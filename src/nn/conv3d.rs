//! The convolution of volumes.

use super::bias::{Bias, Biased, WithoutBias};
use super::pool::{TakesImages, takes_images};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Conv, Conv3dFits, Convolved, Dim, DimExpr, Expr, Law, Laws, Part, Rank1};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The convolution of volumes with a weight, plus a bias. PyTorch's `nn.Conv3d`.
///
/// In: `[B, I, D, H, W]`. Out: `[B, O, D', H', W']`, where D' = (D + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
/// expression, and H' and W' likewise. `weight` is `[O, I / GROUPS, K, K, K]` and `bias` is `[O]`; both are initialized
/// uniformly on ±1/√(I / GROUPS · K³), PyTorch's default. [`NoBias<Conv3d<..>>`](super::NoBias) has no bias.
///
/// ```
/// use typegrad::prelude::*;
/// let conv = Conv3d::<1, 4, 3, 1, 1>::new(&mut Rng::seed(0));
/// let y = conv.infer(Tensor::<Rank5<2, 1, 4, 5, 6>>::ones());
/// let y: Tensor<Rank5<2, 4, 4, 5, 6>> = y.with_shape();
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(
    serialize = "E: Float + Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct Conv3d<
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const DILATION: usize = 1,
    const GROUPS: usize = 1,
    E = f32,
    B = Param<Rank1<O>, E>,
> {
    /// The weights: output channels, input channels of one group, kernel.
    pub weight: Param<(Const<O>, Expr<Part<Const<I>, GROUPS>>, Const<K>, Const<K>, Const<K>), E>,
    /// The bias, `[O]`, if there is one.
    pub bias: B,
}

#[diagnostic::do_not_recommend]
impl<
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
    E,
    B,
> Biased for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    type WithoutBias = Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, WithoutBias>;
}

impl<
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
    E: Float,
    B: Bias<Rank1<O>, E>,
> Init for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    fn new(rng: &mut Rng) -> Self {
        let bound = E::from_f64(1.0 / ((I / GROUPS * K * K * K) as f64).sqrt());
        Conv3d {
            weight: Param::new(Tensor::uniform(-bound, bound, rng)),
            bias: B::begin(|| Tensor::uniform(-bound, bound, rng)),
        }
    }
}

impl<
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
    E: Float,
    B: Bias<Rank1<O>, E>,
> fmt::Debug for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let three = |n: usize| format!("({n}, {n}, {n})");
        write!(f, "Conv3d({I}, {O}, kernel_size={}, stride={}", three(K), three(STRIDE))?;
        if PADDING != 0 {
            write!(f, ", padding={}", three(PADDING))?;
        }
        if DILATION != 1 {
            write!(f, ", dilation={}", three(DILATION))?;
        }
        if GROUPS != 1 {
            write!(f, ", groups={GROUPS}")?;
        }
        if !B::PRESENT {
            f.write_str(", bias=False")?;
        }
        f.write_str(")")
    }
}

impl<
    N: Dim,
    C: Dim,
    D: Dim,
    H: Dim,
    W: Dim,
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
    E: Float,
    B: Bias<Rank1<O>, E>,
> TakesImages<(N, C, D, H, W), E> for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    type Pooled = (
        N,
        Const<O>,
        Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>,
    );
    const BROKEN: Broken = Conv3dFits::<
        (Const<O>, Expr<Part<Const<I>, GROUPS>>, Const<K>, Const<K>, Const<K>),
        (N, C, D, H, W),
        Conv<STRIDE, PADDING, DILATION, GROUPS>,
    >::BROKEN;
    fn pooled<M: Mode>(&self, x: Input<(N, C, D, H, W), M, E>) -> impl Traced<Self::Pooled, M, E> {
        self.bias.add_to_channels(x.conv3d::<Conv<STRIDE, PADDING, DILATION, GROUPS>, _>(&self.weight))
    }
}

takes_images!(
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, B: Bias<Rank1<O>, E>]
    Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>,
    [D H] W
);

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, B: Bias<Rank1<O>, E>>
    Forward<(N, C, D, H, Const<W>), E> for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    takes_images!(in (N, C, D, H, Const<W>));
}
