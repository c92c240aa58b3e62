//! The transposed convolution as a layer.

use super::bias::{Bias, Biased, WithoutBias};
use super::conv::{Groups, Named, Options, text_of};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{
    Const, ConvTranspose2dShape, ConvTransposed, Dim, DimExpr, Expr, Message, Part, Rank1, Transposed,
    channels_message,
};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// The transposed convolution of images with a weight, plus a bias: what enlarges an image by learned weights. PyTorch's
/// `nn.ConvTranspose2d`, with its order of arguments: the dilation is behind the groups.
///
/// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, where
/// H' = (H - 1) STRIDE - 2 PADDING + DILATION (K - 1) + OUTPUT_PADDING + 1, an expression, and W' likewise. `weight` is
/// `[I, O / GROUPS, K, K]` and `bias` is `[O]`; both begin uniform on ±1/√(O / GROUPS · K²), PyTorch's default.
/// [`NoBias<ConvTranspose2d<I, O, K>>`](super::NoBias) has no bias.
///
/// ```
/// use typegrad::nn::ConvTranspose2d;
/// use typegrad::prelude::*;
/// let up = ConvTranspose2d::<8, 3, 4, 2, 1>::new(&mut Rng::seed(0));
/// let y = up.infer(Tensor::<Rank4<2, 8, 7, 7>>::ones());
/// let y: Tensor<Rank4<2, 3, 14, 14>> = y.with_shape();
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[serde(bound(
    serialize = "E: Float + Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct ConvTranspose2d<
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const OUTPUT_PADDING: usize = 0,
    const GROUPS: usize = 1,
    const DILATION: usize = 1,
    E = f32,
    B = Param<Rank1<O>, E>,
> {
    /// The weights: input channels, output channels of one group, kernel.
    pub weight: Param<(Const<I>, Expr<Part<Const<O>, GROUPS>>, Const<K>, Const<K>), E>,
    /// The bias, `[O]`, if there is one.
    pub bias: B,
}

/// Writes an impl for all options.
macro_rules! for_all_options {
    ([$($dims:tt)*] [$($bound:tt)*] $($rest:tt)*) => {
        for_all_options!(@impl [] [$($dims)*] [$($bound)*] $($rest)*);
    };
    (@impl [$(#[$attr:meta])*] [$($dims:tt)*] [$($bound:tt)*] { $($what:tt)* } for $name:ident { $($body:tt)* }) => {
        $(#[$attr])*
        impl<
            $($dims)*
            const I: usize,
            const O: usize,
            const K: usize,
            const STRIDE: usize,
            const PADDING: usize,
            const OUTPUT_PADDING: usize,
            const GROUPS: usize,
            const DILATION: usize,
            E,
            B,
        > $($what)* for $name<I, O, K, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, DILATION, E, B>
        $($bound)*
        {
            $($body)*
        }
    };
}

for_all_options! { @impl [#[diagnostic::do_not_recommend]] [] [] { Biased } for ConvTranspose2d {
    type WithoutBias =
        ConvTranspose2d<I, O, K, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, DILATION, E, WithoutBias>;
} }

struct Name;

impl Named for Name {
    const NAME: &'static str = "the layer `ConvTranspose2d`";
}

for_all_options! { [] [where E: Float, B: Bias<Rank1<O>, E>] { Init } for ConvTranspose2d {
    fn new(rng: &mut Rng) -> Self {
        let () = Groups::<Name, I, O, GROUPS>::DIVIDE;
        let fan_in = O / GROUPS * K * K;
        let bound = E::from_f64(1.0 / (fan_in as f64).sqrt());
        ConvTranspose2d {
            weight: Param::new(Tensor::uniform(-bound, bound, rng)),
            bias: B::begin(|| Tensor::uniform(-bound, bound, rng)),
        }
    }
} }

for_all_options! { [] [where E: Float, B: Bias<Rank1<O>, E>] { fmt::Debug } for ConvTranspose2d {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = Options {
            axes: 2,
            kernel: K,
            stride: STRIDE,
            padding: PADDING,
            output_padding: OUTPUT_PADDING,
            dilation: DILATION,
            groups: GROUPS,
            bias: B::PRESENT,
        };
        options.fmt(f, "ConvTranspose2d", [I, O])
    }
} }

/// The forward pass for channels that are a literal, and for computed ones.
macro_rules! impl_forward {
    ($fits:expr, [$($x:tt)*] $channels:ty) => {
        for_all_options! {
            @impl [#[diagnostic::do_not_recommend]]
            [N: Dim, H: Dim, W: Dim, $($x)*]
            [where E: Float, B: Bias<Rank1<O>, E>]
            { Forward<(N, $channels, H, W), E> } for ConvTranspose2d {
                type Output = (
                    N,
                    Const<O>,
                    Expr<ConvTransposed<H, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>,
                    Expr<ConvTransposed<W, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>,
                );
                fn forward<M: Mode>(
                    &self,
                    x: Input<(N, $channels, H, W), M, E>,
                ) -> impl Traced<Self::Output, M, E> {
                    let () = Groups::<Name, I, O, GROUPS>::DIVIDE;
                    let () = $fits;
                    let sizes = &<(Const<I>, Expr<Part<Const<O>, GROUPS>>, Const<K>, Const<K>) as ConvTranspose2dShape<
                        (N, Const<I>, H, W), STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS,
                    >>::CONVOLUTION;
                    self.bias.add_to_channels(x.conv_transposed::<_, Self::Output>(&self.weight, sizes))
                }
            }
        }
    };
}
impl_forward!(Fits::<H, W, Const<I>, I, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>::FITS, [] Const<I>);
impl_forward!(Fits::<H, W, Expr<X>, I, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>::FITS, [X: DimExpr,] Expr<X>);

/// The input of the layer.
struct Fits<
    H,
    W,
    C,
    const I: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
>(PhantomData<(H, W, C)>);

impl<
    H: Dim,
    W: Dim,
    C: Dim,
    const I: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
> Fits<H, W, C, I, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>
{
    const WRONG: Option<Message> = if C::SIZE != I {
        Some(channels_message(Name::NAME, I, C::SIZE))
    } else {
        let options = Transposed {
            name: Name::NAME,
            output: &[
                <Expr<ConvTransposed<H, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>>::SIZE,
                <Expr<ConvTransposed<W, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>>::SIZE,
            ],
            stride: STRIDE,
            padding: PADDING,
            output_padding: OUTPUT_PADDING,
            dilation: DILATION,
        };
        options.wrong()
    };
    const TEXT: &'static str = text_of(&Self::WRONG);
    const FITS: () = assert!(Self::WRONG.is_none(), "{}", Self::TEXT);
}
