//! Transposed convolutions as layers.

use super::bias::{Bias, Biased, WithoutBias};
use super::conv_layer::{ConvGroups, ConvLayer, Grouped, InputFits, conv_layer, convolve_with};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Following;
use crate::rng::Rng;
use crate::shape::{
    Const, ConvTransposed, Dim, DimExpr, Expr, Law, Laws, Part, Rank1, TransposedWindowAxis, WindowSizes,
};
use crate::storage::Storage;
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

conv_layer! {
    /// The transposed convolution of signals with a weight, plus a bias: upsampling by learned weights. PyTorch's
    /// `nn.ConvTranspose1d`, but with the dilation before the groups, as in every other convolution.
    ///
    /// In: `[B, I, L]`. Out: `[B, O, L']`, where L' = (L - 1) STRIDE - 2 PADDING + DILATION (K - 1) + OUTPUT_PADDING + 1, an
    /// expression. `weight` is `[I, O / GROUPS, K]` and `bias` is `[O]`, both initialized as PyTorch does.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let up = ConvTranspose1d::<8, 3, 4, 2, 1>::new(&mut Rng::seed(0));
    /// let y = up.infer(Tensor::<Rank3<2, 8, 7>>::ones());
    /// let y: Tensor<Rank3<2, 3, 14>> = y.with_shape();
    /// ```
    ConvTranspose1d, "ConvTranspose1d", transposed = true,
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize = 1, const PADDING: usize = 0, const OUTPUT_PADDING: usize = 0, const DILATION: usize = 1,]
    [const K: usize, const STRIDE: usize, const PADDING: usize, const OUTPUT_PADDING: usize, const DILATION: usize,]
    [K, STRIDE, PADDING, OUTPUT_PADDING, DILATION,] [],
    weight = [Const<I>, Expr<Part<Const<O>, GROUPS>>, Const<K>] #[doc = "The weights: input channels, output channels of one group, kernel."],
    windows = [WindowSizes { output_padding: OUTPUT_PADDING, ..WindowSizes::new(K, STRIDE, PADDING, DILATION) }],
    conv_transposed, [L -> Expr<ConvTransposed<L, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>],
    ConvGroups::<Self>::HOLDS
}

conv_layer! {
    /// The transposed convolution of images with a weight, plus a bias: learned upsampling. PyTorch's
    /// `nn.ConvTranspose2d`, but with the dilation before the groups, as in every other convolution.
    ///
    /// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, where
    /// H' = (H - 1) STRIDE - 2 PADDING + DILATION (K - 1) + OUTPUT_PADDING + 1, an expression, and W' likewise. `weight` is
    /// `[I, O / GROUPS, K, K]` and `bias` is `[O]`; both are initialized uniformly on ±1/√(O / GROUPS · K²), PyTorch's default.
    /// [`NoBias<ConvTranspose2d<I, O, K>>`](super::NoBias) has no bias.
    ///
    /// ```
    /// use typegrad::nn::ConvTranspose2d;
    /// use typegrad::prelude::*;
    /// let up = ConvTranspose2d::<8, 3, 4, 2, 1>::new(&mut Rng::seed(0));
    /// let y = up.infer(Tensor::<Rank4<2, 8, 7, 7>>::ones());
    /// let y: Tensor<Rank4<2, 3, 14, 14>> = y.with_shape();
    /// ```
    ConvTranspose2d, "ConvTranspose2d", transposed = true,
    [const I: usize, const O: usize, const K: usize, const STRIDE: usize = 1, const PADDING: usize = 0, const OUTPUT_PADDING: usize = 0, const DILATION: usize = 1,]
    // A short name: with a longer one, rustc cuts the type in errors, and says so in a line of its own.
    [const K: usize, const STRIDE: usize, const PADDING: usize, const OUT_PAD: usize, const DILATION: usize,]
    [K, STRIDE, PADDING, OUT_PAD, DILATION,] [],
    weight = [Const<I>, Expr<Part<Const<O>, GROUPS>>, Const<K>, Const<K>] #[doc = "The weights: input channels, output channels of one group, kernel."],
    windows = [WindowSizes { output_padding: OUT_PAD, ..WindowSizes::new(K, STRIDE, PADDING, DILATION) }, WindowSizes { output_padding: OUT_PAD, ..WindowSizes::new(K, STRIDE, PADDING, DILATION) }],
    conv_transposed, [H -> Expr<ConvTransposed<H, Const<K>, STRIDE, PADDING, OUT_PAD, DILATION>>, W -> Expr<ConvTransposed<W, Const<K>, STRIDE, PADDING, OUT_PAD, DILATION>>],
    ConvGroups::<Self>::HOLDS
}

conv_layer! {
    /// The transposed convolution of images with a weight, plus a bias, with a [`TransposedWindow`](crate::TransposedWindow)
    /// for the height and one for the width. PyTorch's `nn.ConvTranspose2d` with pairs of numbers.
    ///
    /// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, as for [`ConvTranspose2d`]. `weight` is `[I, O / GROUPS, KH, KW]` and
    /// `bias` is `[O]`; both are initialized as those of `ConvTranspose2d`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let up = RectConvTranspose2d::<8, 3, TransposedWindow<1>, TransposedWindow<4, 2, 1>>::new(&mut Rng::seed(0));
    /// let y = up.infer(Tensor::<Rank4<2, 8, 7, 7>>::ones());
    /// let y: Tensor<Rank4<2, 3, 7, 14>> = y.with_shape();
    /// ```
    RectConvTranspose2d, "ConvTranspose2d", transposed = true,
    [const I: usize, const O: usize, WH, WW,]
    [WH, WW,]
    [WH, WW,] [WH: TransposedWindowAxis, WW: TransposedWindowAxis,],
    weight = [Const<I>, Expr<Part<Const<O>, GROUPS>>, WH::Size, WW::Size] #[doc = "The weights: input channels, output channels of one group, kernel."],
    windows = [WH::SIZES, WW::SIZES],
    conv_transposed, [H -> WH::Reach<H>, W -> WW::Reach<W>],
    ConvGroups::<Self>::HOLDS
}
