//! The shapes of convolutions of signals and images.

use super::conv_fits::{
    Conv1dFits, Conv2dFits, ConvTranspose1dFits, ConvTranspose2dFits, RectConv2dFits, RectConvTranspose2dFits,
};
use super::law::ok;
use super::window::{WindowCheck, WindowSizes};
use super::{
    Broken, Const, ConvOptions, ConvTransposeOptions, Dim, DimExpr, Expr, Known, Law, Message, Product,
    Shape, TransposedWindowAxis, WindowAxis,
};
use crate::kernel::conv::conv::Convolution;

/// Whether the groups divide the channels.
pub(crate) const fn groups_divide(channels: [usize; 2], groups: usize) -> bool {
    groups > 0 && channels[0].is_multiple_of(groups) && channels[1].is_multiple_of(groups)
}

/// The text for groups that do not divide the channels.
pub(crate) const fn groups_message(name: &str, [i, o]: [usize; 2], groups: usize) -> Message {
    Message::new()
        .text("the groups of ")
        .text(name)
        .text(" must divide its channels: ")
        .number(groups)
        .text(" groups, but ")
        .number(i)
        .text(" channels in and ")
        .number(o)
        .text(" out")
}

/// The text for an input with another number of channels than the weight takes.
pub(crate) const fn channels_message(name: &str, takes: usize, has: usize) -> Message {
    Message::new()
        .text(name)
        .text(" takes inputs of ")
        .number(takes)
        .text(" channels, but this one has ")
        .number(has)
}

/// The message for a convolution whose weight has `part` input channels for each group.
pub(super) const fn wrong(
    channels: [usize; 2],
    part: usize,
    groups: usize,
    check: WindowCheck<'_>,
) -> Option<Message> {
    if channels[0] != part * groups {
        Some(channels_message(check.name, part * groups, channels[0]))
    } else if !groups_divide(channels, groups) {
        Some(groups_message(check.name, channels, groups))
    } else if !check.fits() {
        Some(check.message())
    } else {
        None
    }
}

/// The message for a transposed convolution whose weight has `takes` input channels.
const fn wrong_transposed(
    channels: [usize; 2],
    takes: usize,
    groups: usize,
    check: WindowCheck<'_>,
) -> Option<Message> {
    if channels[0] != takes {
        Some(channels_message(check.name, takes, channels[0]))
    } else if !groups_divide(channels, groups) {
        Some(groups_message(check.name, channels, groups))
    } else {
        check.wrong_transposed()
    }
}

/// A convolution from `channels[0]` to `channels[1]`.
pub(crate) const fn convolution(
    batch: usize,
    channels: [usize; 2],
    groups: usize,
    input: [usize; 2],
    windows: [WindowSizes; 2],
) -> Convolution {
    let [h, w] = windows;
    Convolution {
        batch,
        channels,
        groups,
        input,
        output: [h.places(input[0]), w.places(input[1])],
        kernel: [h.kernel, w.kernel],
        stride: [h.stride, w.stride],
        padding: [h.padding, w.padding],
        dilation: [h.dilation, w.dilation],
    }
}

/// The convolution whose transpose goes from `channels[0]` to `channels[1]`: from the output to the input.
pub(crate) const fn transposed(
    batch: usize,
    channels: [usize; 2],
    groups: usize,
    input: [usize; 2],
    windows: [WindowSizes; 2],
) -> Convolution {
    let [h, w] = windows;
    Convolution {
        input: [h.reach(input[0]), w.reach(input[1])],
        output: input,
        ..convolution(batch, [channels[1], channels[0]], groups, input, windows)
    }
}

/// A weight of shape `Self` can be moved over signals of shape `S`: `[O, C / groups, K]` over `[B, C, L]`.
///
/// The trait is that of the weight, and not of the input, so that rustc does not infer what the weight must be and report
/// a type mismatch instead of the message.
#[diagnostic::on_unimplemented(
    message = "conv1d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv1d takes an input `[B, C, L]`, a weight `[O, C / groups, K]` and options `Conv<STRIDE, ..>`"
)]
pub trait Conv1dShape<S, O>: Shape {
    /// `[B, O, L']`.
    type Convolved: Shape;
    /// That the sizes fit, known where the options are. A result names it in place of [`Conv1dFits`], whose bound rustc would report once more, at the next use
    /// of the result.
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

// rustc prints the heads of these impls, so they are kept short.
#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, N: Dim, P: Dim, K: Dim, O: ConvOptions>
    Conv1dShape<(B, C, L), O> for (N, P, K)
{
    type Convolved = <O::Places<L, K> as Known>::Then<(B, N, O::Places<L, K>)>;
    type Fits = <O::Places<L, K> as Known>::Then<Conv1dFits<Self, (B, C, L), O>>;
    const CONVOLUTION: Convolution = convolution(
        B::SIZE,
        [C::SIZE, N::SIZE],
        O::GROUPS,
        [1, L::SIZE],
        [WindowSizes::NONE, O::WINDOW.with_kernel(K::SIZE)],
    );
    const WRONG: Option<Message> = wrong(
        [C::SIZE, N::SIZE],
        P::SIZE,
        O::GROUPS,
        WindowCheck {
            name: "conv1d",
            input: &[L::SIZE],
            windows: &[O::WINDOW.with_kernel(K::SIZE)],
        },
    );
}

/// A weight of shape `Self` can be moved over images of shape `S`: `[O, C / groups, KH, KW]` over `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv2d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv2d takes an input `[B, C, H, W]`, a weight `[O, C / groups, KH, KW]` and options `Conv<STRIDE, ..>`"
)]
pub trait Conv2dShape<S, O>: Shape {
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, N: Dim, P: Dim, KH: Dim, KW: Dim, O: ConvOptions>
    Conv2dShape<(B, C, H, W), O> for (N, P, KH, KW)
{
    type Convolved = <O::Places<H, KH> as Known>::Then<(B, N, O::Places<H, KH>, O::Places<W, KW>)>;
    type Fits = <O::Places<H, KH> as Known>::Then<Conv2dFits<Self, (B, C, H, W), O>>;
    const CONVOLUTION: Convolution = convolution(
        B::SIZE,
        [C::SIZE, N::SIZE],
        O::GROUPS,
        [H::SIZE, W::SIZE],
        [
            O::WINDOW.with_kernel(KH::SIZE),
            O::WINDOW.with_kernel(KW::SIZE),
        ],
    );
    const WRONG: Option<Message> = wrong(
        [C::SIZE, N::SIZE],
        P::SIZE,
        O::GROUPS,
        WindowCheck {
            name: "conv2d",
            input: &[H::SIZE, W::SIZE],
            windows: &[
                O::WINDOW.with_kernel(KH::SIZE),
                O::WINDOW.with_kernel(KW::SIZE),
            ],
        },
    );
}

/// A weight of shape `Self` can be moved over images of shape `S` with a window of its own for each axis.
#[diagnostic::on_unimplemented(
    message = "conv2d_rect cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv2d_rect takes an input `[B, C, H, W]`, a weight `[O, C / groups, KH, KW]` and for each axis `Window<K, ..>`"
)]
pub trait RectConv2dShape<S, WH, WW, const GROUPS: usize>: Shape {
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, O: Dim, P: Dim, KH: Dim, KW: Dim, WH: WindowAxis, WW: WindowAxis, const GROUPS: usize>
    RectConv2dShape<(B, C, H, W), WH, WW, GROUPS> for (O, P, KH, KW)
{
    type Convolved = <WW::Places<W> as Known>::Then<<WH::Places<H> as Known>::Then<(B, O, WH::Places<H>, WW::Places<W>)>>;
    type Fits = <WW::Places<W> as Known>::Then<<WH::Places<H> as Known>::Then<RectConv2dFits<Self, (B, C, H, W), WH, WW, GROUPS>>>;
    const CONVOLUTION: Convolution =
        convolution(B::SIZE, [C::SIZE, O::SIZE], GROUPS, [H::SIZE, W::SIZE], [WH::SIZES, WW::SIZES]);
    const WRONG: Option<Message> = {
        let windows = &[WH::SIZES, WW::SIZES];
        let check = WindowCheck { name: "conv2d_rect", input: &[H::SIZE, W::SIZE], windows };
        match check.wrong_kernel(&[KH::SIZE, KW::SIZE]) {
            None => wrong([C::SIZE, O::SIZE], P::SIZE, GROUPS, check),
            wrong => wrong,
        }
    };
}

/// A weight of shape `Self` can be moved, transposed, over signals of shape `S`: `[C, O / groups, K]` over `[B, C, L]`.
#[diagnostic::on_unimplemented(
    message = "conv_transpose1d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv_transpose1d takes an input `[B, C, L]`, a weight `[C, O / groups, K]` and options `ConvTranspose<STRIDE, ..>`"
)]
pub trait ConvTranspose1dShape<S, O>: Shape {
    /// `[B, O, L']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, I: Dim, P: Dim, K: Dim, O: ConvTransposeOptions>
    ConvTranspose1dShape<(B, C, L), O> for (I, P, K)
{
    type Convolved = <O::Reach<L, K> as Known>::Then<(B, O::Channels<P>, O::Reach<L, K>)>;
    type Fits = <O::Reach<L, K> as Known>::Then<ConvTranspose1dFits<Self, (B, C, L), O>>;
    const CONVOLUTION: Convolution = {
        let window = O::WINDOW.with_kernel(K::SIZE);
        transposed(B::SIZE, [C::SIZE, P::SIZE * O::GROUPS], O::GROUPS, [1, L::SIZE], [WindowSizes::NONE, window])
    };
    const WRONG: Option<Message> = {
        let window = O::WINDOW.with_kernel(K::SIZE);
        let check = WindowCheck { name: "conv_transpose1d", input: &[L::SIZE], windows: &[window] };
        wrong_transposed([C::SIZE, P::SIZE * O::GROUPS], I::SIZE, O::GROUPS, check)
    };
}

/// A weight of shape `Self` can be moved, transposed, over images of shape `S`: `[C, O / groups, KH, KW]` over
/// `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv_transpose2d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv_transpose2d takes an input `[B, C, H, W]`, a weight `[C, O / groups, KH, KW]` and options `ConvTranspose<STRIDE, ..>`"
)]
pub trait ConvTranspose2dShape<S, O>: Shape {
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, I: Dim, P: Dim, KH: Dim, KW: Dim, O: ConvTransposeOptions>
    ConvTranspose2dShape<(B, C, H, W), O> for (I, P, KH, KW)
{
    type Convolved = <O::Reach<H, KH> as Known>::Then<(B, O::Channels<P>, O::Reach<H, KH>, O::Reach<W, KW>)>;
    type Fits = <O::Reach<H, KH> as Known>::Then<ConvTranspose2dFits<Self, (B, C, H, W), O>>;
    const CONVOLUTION: Convolution = {
        let windows = [O::WINDOW.with_kernel(KH::SIZE), O::WINDOW.with_kernel(KW::SIZE)];
        transposed(B::SIZE, [C::SIZE, P::SIZE * O::GROUPS], O::GROUPS, [H::SIZE, W::SIZE], windows)
    };
    const WRONG: Option<Message> = {
        let windows = &[O::WINDOW.with_kernel(KH::SIZE), O::WINDOW.with_kernel(KW::SIZE)];
        let check = WindowCheck { name: "conv_transpose2d", input: &[H::SIZE, W::SIZE], windows };
        wrong_transposed([C::SIZE, P::SIZE * O::GROUPS], I::SIZE, O::GROUPS, check)
    };
}

/// A weight of shape `Self` can be moved, transposed, over images of shape `S` with a window of its own for each axis.
#[diagnostic::on_unimplemented(
    message = "conv_transpose2d_rect cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv_transpose2d_rect takes an input `[B, C, H, W]`, a weight `[C, O / groups, KH, KW]` and for each axis `TransposedWindow<K, ..>`"
)]
pub trait RectConvTranspose2dShape<S, WH, WW, const GROUPS: usize>: Shape {
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, I: Dim, P: Dim, KH: Dim, KW: Dim, WH: TransposedWindowAxis, WW: TransposedWindowAxis, const GROUPS: usize>
    RectConvTranspose2dShape<(B, C, H, W), WH, WW, GROUPS> for (I, P, KH, KW)
{
    type Convolved = <WW::Reach<W> as Known>::Then<<WH::Reach<H> as Known>::Then<(B, Expr<Product<P, Const<GROUPS>>>, WH::Reach<H>, WW::Reach<W>)>>;
    type Fits = <WW::Reach<W> as Known>::Then<<WH::Reach<H> as Known>::Then<RectConvTranspose2dFits<Self, (B, C, H, W), WH, WW, GROUPS>>>;
    const CONVOLUTION: Convolution =
        transposed(B::SIZE, [C::SIZE, P::SIZE * GROUPS], GROUPS, [H::SIZE, W::SIZE], [WH::SIZES, WW::SIZES]);
    const WRONG: Option<Message> = {
        let windows = &[WH::SIZES, WW::SIZES];
        let check = WindowCheck { name: "conv_transpose2d_rect", input: &[H::SIZE, W::SIZE], windows };
        match check.wrong_kernel(&[KH::SIZE, KW::SIZE]) {
            None => wrong_transposed([C::SIZE, P::SIZE * GROUPS], I::SIZE, GROUPS, check),
            wrong => wrong,
        }
    };
}

/// A shape whose second axis holds channels, for each of which a vector of shape `S` has a number.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` does not have the channels of a vector of shape `{S}`",
    label = "the second axis of `{Self}` is that of the channels"
)]
pub trait Channels<S>: Shape {
    /// The number of elements of the axes before, the channels, and the number of elements of the axes after them.
    #[doc(hidden)]
    const ALONG: [usize; 3];
    /// The violated requirement on the channels, if any.
    #[doc(hidden)]
    const BROKEN: Broken = None;
    /// Fails to evaluate if it is wrong.
    #[doc(hidden)]
    const FIT: () = ok(Self::BROKEN);
}

macro_rules! impl_channels {
    ($($dim:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<B: Dim, C: Dim, $($dim: Dim),*> Channels<(C,)> for (B, C, $($dim,)*) {
            const ALONG: [usize; 3] = [B::SIZE, C::SIZE, 1 $(* $dim::SIZE)*];
        }
    };
}

macro_rules! impl_computed_channels {
    ($($dim:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<B: Dim, X: DimExpr, const C: usize, $($dim: Dim),*> Channels<(Const<C>,)> for (B, Expr<X>, $($dim,)*) {
            const ALONG: [usize; 3] = [B::SIZE, C, 1 $(* $dim::SIZE)*];
            const BROKEN: Broken = ComputedChannels::<X, C>::BROKEN;
        }
    };
}

/// Channels that are computed, as those of a transposed convolution with groups.
struct ComputedChannels<X, const C: usize>(X);

impl<X: DimExpr, const C: usize> Law for ComputedChannels<X, C> {
    const WRONG: Option<Message> =
        if X::SIZE == C { None } else { Some(channels_message("add_channels", C, X::SIZE)) };
}

impl_computed_channels!();
impl_computed_channels!(D);
impl_computed_channels!(D E);
impl_computed_channels!(D E F);
impl_computed_channels!(D E F G);
impl_channels!();
impl_channels!(D);
impl_channels!(D E);
impl_channels!(D E F);
impl_channels!(D E F G);
