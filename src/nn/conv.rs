//! Convolutional layers.

use super::bias::{Bias, Biased, WithoutBias};
use super::conv_layer::{ConvGroups, ConvLayer, Grouped, InputFits, conv_layer, convolve_with};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Following;
use crate::rng::Rng;
use crate::shape::{Const, Convolved, Dim, DimExpr, Expr, Law, Laws, Part, Rank1, WindowAxis, WindowSizes};
use crate::storage::Storage;
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

conv_layer! {
    /// The convolution of signals with a weight, plus a bias. PyTorch's `nn.Conv1d`.
    ///
    /// In: `[B, I, L]`. Out: `[B, O, L']`, where L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression.
    /// `weight` is `[O, I / GROUPS, K]` and `bias` is `[O]`; both are initialized uniformly on ±1/√(I / GROUPS · K), PyTorch's
    /// default. [`NoBias<Conv1d<I, O, K>>`](super::NoBias) has no bias.
    ///
    /// A kernel that does not fit into the signal, or groups that do not divide the channels, do not build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let conv = Conv1d::<3, 8, 5, 2>::new(&mut Rng::seed(0));
    /// let y = conv.infer(Tensor::<Rank3<4, 3, 21>>::ones());
    /// let y: Tensor<Rank3<4, 8, 9>> = y.with_shape();
    /// ```
    Conv1d, "Conv1d", transposed = false,
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize = 1, const PADDING: usize = 0, const DILATION: usize = 1,]
    [const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,]
    [K, STRIDE, PADDING, DILATION,] [],
    weight = [Const<O>, Expr<Part<Const<I>, GROUPS>>, Const<K>] #[doc = "The weights: output channels, input channels of one group, kernel."],
    windows = [WindowSizes::new(K, STRIDE, PADDING, DILATION)],
    convolved, [L -> Expr<Convolved<L, Const<K>, STRIDE, PADDING, DILATION>>],
    ConvGroups::<Self>::HOLDS
}

conv_layer! {
    /// The convolution of images with a weight, plus a bias. PyTorch's `nn.Conv2d`.
    ///
    /// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, where H' = (H + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and W' likewise. `weight` is `[O, I / GROUPS, K, K]` and `bias` is `[O]`; both are initialized uniformly on
    /// ±1/√(I / GROUPS · K²), PyTorch's default. [`NoBias<Conv2d<I, O, K>>`](super::NoBias) has no bias. [`RectConv2d`]
    /// has a window of its own for each axis.
    ///
    /// A kernel that does not fit into the image, or groups that do not divide the channels, do not build.
    ///
    /// Inside a tuple, `BatchNorm2d`, `Relu` and `MaxPool2d<2>` after the layer are done with it in inference, which is faster
    /// and has the same result.
    ///
    /// ```
    /// use typegrad::nn::{Flatten, MaxPool2d};
    /// use typegrad::prelude::*;
    /// type Net = (Conv2d<1, 16, 3, 1, 1>, Relu, MaxPool2d<2>, Flatten, Linear<1024, 10>);
    /// let net = Net::new(&mut Rng::seed(0));
    /// let y: Tensor<Rank2<8, 10>> = net.infer(Tensor::<Rank4<8, 1, 16, 16>>::ones());
    /// ```
    Conv2d, "Conv2d", transposed = false,
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize = 1, const PADDING: usize = 0, const DILATION: usize = 1,]
    [const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,]
    [K, STRIDE, PADDING, DILATION,] [],
    weight = [Const<O>, Expr<Part<Const<I>, GROUPS>>, Const<K>, Const<K>] #[doc = "The weights: output channels, input channels of one group, kernel."],
    windows = [WindowSizes::new(K, STRIDE, PADDING, DILATION), WindowSizes::new(K, STRIDE, PADDING, DILATION)],
    convolved, [H -> Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>, W -> Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>],
    ConvGroups::<Self>::HOLDS
}

conv_layer! {
    /// The convolution of images with a weight, plus a bias, with a [`Window`](crate::Window) for the height and one for the
    /// width. PyTorch's `nn.Conv2d(I, O, (KH, KW), (SH, SW), (PH, PW), (DH, DW), GROUPS)`.
    ///
    /// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, as for [`Conv2d`]. `weight` is `[O, I / GROUPS, KH, KW]` and `bias` is
    /// `[O]`; both are initialized as those of `Conv2d`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let conv = RectConv2d::<3, 16, Window<1>, Window<7, 2, 3>>::new(&mut Rng::seed(0));
    /// let y = conv.infer(Tensor::<Rank4<2, 3, 8, 8>>::ones());
    /// let y: Tensor<Rank4<2, 16, 8, 4>> = y.with_shape();
    /// ```
    RectConv2d, "Conv2d", transposed = false,
    [const I: usize, const O: usize, WH, WW,]
    [WH, WW,]
    [WH, WW,] [WH: WindowAxis, WW: WindowAxis,],
    weight = [Const<O>, Expr<Part<Const<I>, GROUPS>>, WH::Size, WW::Size] #[doc = "The weights: output channels, input channels of one group, kernel."],
    windows = [WH::SIZES, WW::SIZES],
    convolved, [H -> WH::Places<H>, W -> WW::Places<W>],
    ConvGroups::<Self>::HOLDS
}

// The impls that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, L: Dim, const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, E, B>
    Forward<(N, Const<I>, L), E> for Conv1d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
where
    E: Float,
    B: Bias<Rank1<O>, E>,
{
    type Output = (N, Const<O>, Expr<Convolved<L, Const<K>, STRIDE, PADDING, DILATION>>);
    const LAWS: Laws = Laws::always(InputFits::<Self, (N, Const<I>, L)>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(N, Const<I>, L), M, E>) -> impl Traced<Self::Output, M, E> {
        self.convolve(x)
    }

    fn infer_with(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        self.convolve_with::<N, L>(x, next)
    }
}

#[rustfmt::skip]
impl<N: Dim, H: Dim, W: Dim, const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, E, B>
    Forward<(N, Const<I>, H, W), E> for Conv2d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
where
    E: Float,
    B: Bias<Rank1<O>, E>,
{
    type Output = (
        N,
        Const<O>,
        Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>,
    );
    const LAWS: Laws = Laws::always(InputFits::<Self, (N, Const<I>, H, W)>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(N, Const<I>, H, W), M, E>) -> impl Traced<Self::Output, M, E> {
        self.convolve(x)
    }

    fn infer_with(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        self.convolve_with::<N, H, W>(x, next)
    }
}
