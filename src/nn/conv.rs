//! Convolutional layers.

use super::bias::{Bias, Biased, WithoutBias};
use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{
    Const, Conv1dShape, Conv2dShape, Convolved, Dim, DimExpr, Expr, Message, Part, Rank1, Window,
    channels_message, groups_divide, groups_message,
};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// The groups of a layer, which divide its channels.
pub(super) struct Groups<L, const I: usize, const O: usize, const GROUPS: usize>(PhantomData<L>);

/// The name of a layer, for messages.
pub(super) trait Named {
    const NAME: &'static str;
}

impl<L: Named, const I: usize, const O: usize, const GROUPS: usize> Groups<L, I, O, GROUPS> {
    const MESSAGE: Message = groups_message(L::NAME, [I, O], GROUPS);
    const TEXT: &'static str = Self::MESSAGE.as_str();
    pub(super) const HOLD: bool = groups_divide([I, O], GROUPS);
    pub(super) const DIVIDE: () = assert!(Self::HOLD, "{}", Self::TEXT);
}

/// Writes an impl for all options.
macro_rules! for_all_options {
    ($(#[$attr:meta])* [$($dims:tt)*] [$($bound:tt)*] { $($what:tt)* } for $name:ident { $($body:tt)* }) => {
        $(#[$attr])*
        impl<
            $($dims)*
            const I: usize,
            const O: usize,
            const K: usize,
            const STRIDE: usize,
            const PADDING: usize,
            const DILATION: usize,
            const GROUPS: usize,
            E,
            B,
        > $($what)* for $name<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>
        $($bound)*
        {
            $($body)*
        }
    };
}

/// One layer for a number of axes: its name and docs, the trait of its shapes, its axes and the size of the kernel along
/// each. `$fits` is an argument, so that its error points there and not into the macro.
macro_rules! conv_layer {
    (
        $(#[$attr:meta])*
        $name:ident, $Name:ident, $shape:ident, ($($axis:ident),+), ($($kernel:ty),+),
        $groups:expr, $fits:expr, $fits_computed:expr
    ) => {
        $(#[$attr])*
        #[derive(Clone, Module, Serialize, Deserialize)]
        #[serde(bound(
            serialize = "E: Float + Serialize, B: Serialize",
            deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
        ))]
        pub struct $name<
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
            pub weight: Param<(Const<O>, Expr<Part<Const<I>, GROUPS>>, $($kernel),+), E>,
            /// The bias, `[O]`, if there is one.
            pub bias: B,
        }

        for_all_options! { #[diagnostic::do_not_recommend] [] [] { Biased } for $name {
            type WithoutBias = $name<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, WithoutBias>;
        } }

        struct $Name;

        impl Named for $Name {
            const NAME: &'static str = concat!("the layer `", stringify!($name), "`");
        }

        for_all_options! { [] [where E: Float, B: Bias<Rank1<O>, E>] { Init } for $name {
            fn new(rng: &mut Rng) -> Self {
                let () = $groups;
                let fan_in = I / GROUPS * [$(<$kernel>::SIZE),+].iter().product::<usize>();
                let bound = E::from_f64(1.0 / (fan_in as f64).sqrt());
                $name {
                    weight: Param::new(Tensor::uniform(-bound, bound, rng)),
                    bias: B::begin(|| Tensor::uniform(-bound, bound, rng)),
                }
            }
        } }

        for_all_options! { [] [where E: Float, B: Bias<Rank1<O>, E>] { fmt::Debug } for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let options = Options {
                    axes: [$(stringify!($axis)),+].len(),
                    kernel: K,
                    stride: STRIDE,
                    padding: PADDING,
                    output_padding: 0,
                    dilation: DILATION,
                    groups: GROUPS,
                    bias: B::PRESENT,
                };
                options.fmt(f, stringify!($name), [I, O])
            }
        } }

        conv_layer!(@forward $name, $shape, ($($axis),+), ($($kernel),+), $groups, $fits, [], Const<I>);
        conv_layer!(@forward $name, $shape, ($($axis),+), ($($kernel),+), $groups, $fits_computed, [X: DimExpr,], Expr<X>);
    };
    (
        @forward $name:ident, $shape:ident, ($($axis:ident),+), ($($kernel:ty),+), $groups:expr, $fits:expr,
        [$($x:tt)*], $channels:ty
    ) => {
        for_all_options! {
            #[diagnostic::do_not_recommend]
            [N: Dim, $($axis: Dim,)+ $($x)*] [where E: Float, B: Bias<Rank1<O>, E>]
            { Forward<(N, $channels, $($axis),+), E> } for $name {
                type Output = (N, Const<O>, $(Expr<Convolved<$axis, Const<K>, STRIDE, PADDING, DILATION>>),+);
                fn forward<M: Mode>(
                    &self,
                    x: Input<(N, $channels, $($axis),+), M, E>,
                ) -> impl Traced<Self::Output, M, E> {
                    let () = $groups;
                    let () = $fits;
                    let sizes = &<(Const<O>, Expr<Part<Const<I>, GROUPS>>, $($kernel),+) as $shape<
                        (N, Const<I>, $($axis),+), STRIDE, PADDING, DILATION, GROUPS,
                    >>::CONVOLUTION;
                    self.bias.add_to_channels(x.convolved::<_, Self::Output>(&self.weight, sizes))
                }
            }
        }
    };
}

conv_layer! {
    /// The convolution of signals with a weight, plus a bias. PyTorch's `nn.Conv1d`.
    ///
    /// In: `[B, I, L]`. Out: `[B, O, L']`, where L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression.
    /// `weight` is `[O, I / GROUPS, K]` and `bias` is `[O]`; both begin uniform on ±1/√(I / GROUPS · K), PyTorch's
    /// default. [`NoBias<Conv1d<I, O, K>>`](super::NoBias) has no bias.
    ///
    /// That the kernel fits into the signal and that the groups divide the channels is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let conv = Conv1d::<3, 8, 5, 2>::new(&mut Rng::seed(0));
    /// let y = conv.infer(Tensor::<Rank3<4, 3, 21>>::ones());
    /// let y: Tensor<Rank3<4, 8, 9>> = y.with_shape();
    /// ```
    Conv1d, Conv1dName, Conv1dShape, (L), (Const<K>),
    Groups::<Conv1dName, I, O, GROUPS>::DIVIDE,
    Fits1::<L, Const<I>, I, O, K, STRIDE, PADDING, DILATION, GROUPS>::FITS,
    Fits1::<L, Expr<X>, I, O, K, STRIDE, PADDING, DILATION, GROUPS>::FITS
}

conv_layer! {
    /// The convolution of images with a weight, plus a bias. PyTorch's `nn.Conv2d`.
    ///
    /// In: `[B, I, H, W]`. Out: `[B, O, H', W']`, where H' = (H + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and W' likewise. `weight` is `[O, I / GROUPS, K, K]` and `bias` is `[O]`; both begin uniform on
    /// ±1/√(I / GROUPS · K²), PyTorch's default. [`NoBias<Conv2d<I, O, K>>`](super::NoBias) has no bias. A kernel that is no
    /// square is a [`Param`] and [`conv2d`](Tensor::conv2d).
    ///
    /// That the kernel fits into the image and that the groups divide the channels is checked when the program is built.
    ///
    /// ```
    /// use typegrad::nn::{Flatten, MaxPool2d};
    /// use typegrad::prelude::*;
    /// type Net = (Conv2d<1, 16, 3, 1, 1>, Relu, MaxPool2d<2>, Flatten, Linear<1024, 10>);
    /// let net = Net::new(&mut Rng::seed(0));
    /// let y: Tensor<Rank2<8, 10>> = net.infer(Tensor::<Rank4<8, 1, 16, 16>>::ones());
    /// ```
    Conv2d, Conv2dName, Conv2dShape, (H, W), (Const<K>, Const<K>),
    Groups::<Conv2dName, I, O, GROUPS>::DIVIDE,
    Fits2::<H, W, Const<I>, I, O, K, STRIDE, PADDING, DILATION, GROUPS>::FITS,
    Fits2::<H, W, Expr<X>, I, O, K, STRIDE, PADDING, DILATION, GROUPS>::FITS
}

/// What is wrong with an input of `has` channels. Groups that do not divide have an assertion of their own.
pub(super) const fn wrong_input(takes: usize, has: usize, window: Window<'_>) -> Option<Message> {
    if takes != has {
        Some(channels_message(window.name, takes, has))
    } else if !window.fits() {
        Some(window.message())
    } else {
        None
    }
}

/// The text for an assertion.
pub(super) const fn text_of(wrong: &Option<Message>) -> &str {
    match wrong {
        Some(message) => message.as_str(),
        None => "",
    }
}

/// The input of a `Conv1d`.
struct Fits1<
    L,
    C,
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
>(PhantomData<(L, C)>);

impl<
    L: Dim,
    C: Dim,
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
> Fits1<L, C, I, O, K, STRIDE, PADDING, DILATION, GROUPS>
{
    const WRONG: Option<Message> = wrong_input(
        I,
        C::SIZE,
        Window {
            name: Conv1dName::NAME,
            input: &[L::SIZE],
            kernel: &[K],
            stride: STRIDE,
            padding: PADDING,
            dilation: DILATION,
        },
    );
    const TEXT: &'static str = text_of(&Self::WRONG);
    const FITS: () = assert!(Self::WRONG.is_none(), "{}", Self::TEXT);
}

/// The input of a `Conv2d`.
struct Fits2<
    H,
    W,
    C,
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
>(PhantomData<(H, W, C)>);

impl<
    H: Dim,
    W: Dim,
    C: Dim,
    const I: usize,
    const O: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
> Fits2<H, W, C, I, O, K, STRIDE, PADDING, DILATION, GROUPS>
{
    const WRONG: Option<Message> = wrong_input(
        I,
        C::SIZE,
        Window {
            name: Conv2dName::NAME,
            input: &[H::SIZE, W::SIZE],
            kernel: &[K, K],
            stride: STRIDE,
            padding: PADDING,
            dilation: DILATION,
        },
    );
    const TEXT: &'static str = text_of(&Self::WRONG);
    const FITS: () = assert!(Self::WRONG.is_none(), "{}", Self::TEXT);
}

/// The options of a convolution, as PyTorch prints them.
pub(super) struct Options {
    pub(super) axes: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) padding: usize,
    pub(super) output_padding: usize,
    pub(super) dilation: usize,
    pub(super) groups: usize,
    pub(super) bias: bool,
}

impl Options {
    pub(super) fn fmt(&self, f: &mut fmt::Formatter<'_>, name: &str, [i, o]: [usize; 2]) -> fmt::Result {
        let tuple = |n: usize| {
            if self.axes == 1 {
                format!("({n},)")
            } else {
                format!("({})", vec![n.to_string(); self.axes].join(", "))
            }
        };
        write!(f, "{name}({i}, {o}, kernel_size={}, stride={}", tuple(self.kernel), tuple(self.stride))?;
        if self.padding != 0 {
            write!(f, ", padding={}", tuple(self.padding))?;
        }
        if self.dilation != 1 {
            write!(f, ", dilation={}", tuple(self.dilation))?;
        }
        if self.output_padding != 0 {
            write!(f, ", output_padding={}", tuple(self.output_padding))?;
        }
        if self.groups != 1 {
            write!(f, ", groups={}", self.groups)?;
        }
        if !self.bias {
            write!(f, ", bias=False")?;
        }
        write!(f, ")")
    }
}
