//! The shapes of convolutions of volumes.

use super::conv::wrong;
use super::conv_fits::{Conv3dFits, RectConv3dFits};
use super::{
    ConvOptions, Dim, Known, Law, Message, Shape, WindowAxis, WindowCheck, WindowSizes, convolution,
};
use crate::kernel::conv::depth::{Convolution3d, Depth};

/// A convolution of volumes from `channels[0]` to `channels[1]`.
pub(crate) const fn convolution3d(
    batch: usize,
    channels: [usize; 2],
    groups: usize,
    input: [usize; 3],
    windows: [WindowSizes; 3],
) -> Convolution3d {
    let ([depth, h, w], [deep, high, wide]) = (input, windows);
    let places = deep.places(depth);
    let WindowSizes { kernel, stride, padding, dilation, .. } = deep;
    Convolution3d {
        depth: Depth {
            batch,
            channels: channels[0],
            depth,
            plane: h * w,
            places,
            kernel,
            stride,
            padding,
            dilation,
        },
        images: convolution(
            batch * places,
            [channels[0] * kernel, channels[1]],
            groups,
            [h, w],
            [high, wide],
        ),
    }
}

/// The window of each axis, with a kernel of these sizes.
const fn with_kernels(window: WindowSizes, [deep, high, wide]: [usize; 3]) -> [WindowSizes; 3] {
    [window.with_kernel(deep), window.with_kernel(high), window.with_kernel(wide)]
}

/// A weight of shape `Self` can be moved over volumes of shape `S`: `[O, C / groups, KD, KH, KW]` over `[B, C, D, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv3d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv3d takes an input `[B, C, D, H, W]`, a weight `[O, C / groups, KD, KH, KW]` and options `Conv<STRIDE, ..>`"
)]
pub trait Conv3dShape<S, O>: Shape {
    /// `[B, O, D', H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution3d;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, D: Dim, H: Dim, W: Dim, N: Dim, P: Dim, KD: Dim, KH: Dim, KW: Dim, O: ConvOptions>
    Conv3dShape<(B, C, D, H, W), O> for (N, P, KD, KH, KW)
{
    type Convolved = <O::Places<D, KD> as Known>::Then<(B, N, O::Places<D, KD>, O::Places<H, KH>, O::Places<W, KW>)>;
    type Fits = <O::Places<D, KD> as Known>::Then<Conv3dFits<Self, (B, C, D, H, W), O>>;
    const CONVOLUTION: Convolution3d = convolution3d(
        B::SIZE,
        [C::SIZE, N::SIZE],
        O::GROUPS,
        [D::SIZE, H::SIZE, W::SIZE],
        with_kernels(O::WINDOW, [KD::SIZE, KH::SIZE, KW::SIZE]),
    );
    const WRONG: Option<Message> = wrong(
        [C::SIZE, N::SIZE],
        P::SIZE,
        O::GROUPS,
        WindowCheck {
            name: "conv3d",
            input: &[D::SIZE, H::SIZE, W::SIZE],
            windows: &with_kernels(O::WINDOW, [KD::SIZE, KH::SIZE, KW::SIZE]),
        },
    );
}

/// A weight of shape `Self` can be moved over volumes of shape `S` with a window of its own for each axis.
#[diagnostic::on_unimplemented(
    message = "conv3d_rect cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv3d_rect takes an input `[B, C, D, H, W]`, a weight `[O, C / groups, KD, KH, KW]` and for each axis `Window<K, ..>`"
)]
pub trait RectConv3dShape<S, WD, WH, WW, const GROUPS: usize>: Shape {
    /// `[B, O, D', H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    type Fits: Law;
    #[doc(hidden)]
    const CONVOLUTION: Convolution3d;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, D: Dim, H: Dim, W: Dim, O: Dim, P: Dim, KD: Dim, KH: Dim, KW: Dim, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis, const GROUPS: usize>
    RectConv3dShape<(B, C, D, H, W), WD, WH, WW, GROUPS> for (O, P, KD, KH, KW)
{
    type Convolved = <WW::Places<W> as Known>::Then<<WH::Places<H> as Known>::Then<<WD::Places<D> as Known>::Then<(B, O, WD::Places<D>, WH::Places<H>, WW::Places<W>)>>>;
    type Fits = <WW::Places<W> as Known>::Then<<WH::Places<H> as Known>::Then<<WD::Places<D> as Known>::Then<RectConv3dFits<Self, (B, C, D, H, W), WD, WH, WW, GROUPS>>>>;
    const CONVOLUTION: Convolution3d = convolution3d(
        B::SIZE,
        [C::SIZE, O::SIZE],
        GROUPS,
        [D::SIZE, H::SIZE, W::SIZE],
        [WD::SIZES, WH::SIZES, WW::SIZES],
    );
    const WRONG: Option<Message> = {
        let windows = &[WD::SIZES, WH::SIZES, WW::SIZES];
        let check = WindowCheck { name: "conv3d_rect", input: &[D::SIZE, H::SIZE, W::SIZE], windows };
        match check.wrong_kernel(&[KD::SIZE, KH::SIZE, KW::SIZE]) {
            None => wrong([C::SIZE, O::SIZE], P::SIZE, GROUPS, check),
            wrong => wrong,
        }
    };
}
