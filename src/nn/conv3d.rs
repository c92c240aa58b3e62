//! The convolution of volumes.

use super::bias::{Bias, Biased, WithoutBias};
use super::conv_layer::{ConvGroups, ConvLayer, Grouped, InputFits, conv_layer};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{Const, Convolved, Dim, DimExpr, Expr, Law, Laws, Part, Rank1, WindowAxis, WindowSizes};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

conv_layer! {
    /// The convolution of volumes with a weight, plus a bias. PyTorch's `nn.Conv3d`.
    ///
    /// In: `[B, I, D, H, W]`. Out: `[B, O, D', H', W']`, where D' = (D + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and H' and W' likewise. `weight` is `[O, I / GROUPS, K, K, K]` and `bias` is `[O]`; both are initialized
    /// uniformly on ±1/√(I / GROUPS · K³), PyTorch's default. [`NoBias<Conv3d<..>>`](super::NoBias) has no bias. [`RectConv3d`]
    /// has a window of its own for each axis.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let conv = Conv3d::<1, 4, 3, 1, 1>::new(&mut Rng::seed(0));
    /// let y = conv.infer(Tensor::<Rank5<2, 1, 4, 5, 6>>::ones());
    /// let y: Tensor<Rank5<2, 4, 4, 5, 6>> = y.with_shape();
    /// ```
    Conv3d, "Conv3d", transposed = false,
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize = 1, const PADDING: usize = 0, const DILATION: usize = 1,]
    [const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,]
    [K, STRIDE, PADDING, DILATION,] [],
    weight = [Const<O>, Expr<Part<Const<I>, GROUPS>>, Const<K>, Const<K>, Const<K>] #[doc = "The weights: output channels, input channels of one group, kernel."],
    windows = [WindowSizes::new(K, STRIDE, PADDING, DILATION), WindowSizes::new(K, STRIDE, PADDING, DILATION), WindowSizes::new(K, STRIDE, PADDING, DILATION)],
    convolved3d, [D -> Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>, H -> Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>,
        W -> Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>],
    ConvGroups::<Self>::HOLDS
}

conv_layer! {
    /// The convolution of volumes with a weight, plus a bias, with a [`Window`](crate::Window) for the depth, one for the height
    /// and one for the width. PyTorch's `nn.Conv3d(I, O, (KD, KH, KW), (SD, SH, SW), (PD, PH, PW), (DD, DH, DW), GROUPS)`.
    ///
    /// In: `[B, I, D, H, W]`. Out: `[B, O, D', H', W']`, as for [`Conv3d`]. `weight` is `[O, I / GROUPS, KD, KH, KW]` and `bias`
    /// is `[O]`; both are initialized as those of `Conv3d`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// // PyTorch: nn.Conv3d(3, 16, (1, 3, 3), padding=(0, 1, 1))
    /// let conv = RectConv3d::<3, 16, Window<1>, Window<3, 1, 1>, Window<3, 1, 1>>::new(&mut Rng::seed(0));
    /// let y = conv.infer(Tensor::<Rank5<2, 3, 4, 8, 8>>::ones());
    /// let y: Tensor<Rank5<2, 16, 4, 8, 8>> = y.with_shape();
    /// ```
    RectConv3d, "Conv3d", transposed = false,
    [const I: usize, const O: usize, WD, WH, WW,]
    [WD, WH, WW,]
    [WD, WH, WW,] [WD: WindowAxis, WH: WindowAxis, WW: WindowAxis,],
    weight = [Const<O>, Expr<Part<Const<I>, GROUPS>>, WD::Size, WH::Size, WW::Size] #[doc = "The weights: output channels, input channels of one group, kernel."],
    windows = [WD::SIZES, WH::SIZES, WW::SIZES],
    convolved3d, [D -> WD::Places<D>, H -> WH::Places<H>, W -> WW::Places<W>],
    ConvGroups::<Self>::HOLDS
}

// The impls that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, D: Dim, H: Dim, W: Dim, const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize,
    E: Float, B: Bias<Rank1<O>, E>> Forward<(N, Const<I>, D, H, W), E> for Conv3d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
{
    type Output = (
        N,
        Const<O>,
        Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>,
    );
    const LAWS: Laws = Laws::always(InputFits::<Self, (N, Const<I>, D, H, W)>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(N, Const<I>, D, H, W), M, E>) -> impl Traced<Self::Output, M, E> {
        self.convolve(x)
    }
}

#[rustfmt::skip]
impl<N: Dim, D: Dim, H: Dim, W: Dim, const I: usize, const O: usize, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis, const GROUPS: usize,
    E: Float, B: Bias<Rank1<O>, E>> Forward<(N, Const<I>, D, H, W), E> for RectConv3d<I, O, WD, WH, WW, GROUPS, E, B>
{
    type Output = (N, Const<O>, WD::Places<D>, WH::Places<H>, WW::Places<W>);
    const LAWS: Laws = Laws::always(InputFits::<Self, (N, Const<I>, D, H, W)>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(N, Const<I>, D, H, W), M, E>) -> impl Traced<Self::Output, M, E> {
        self.convolve(x)
    }
}
