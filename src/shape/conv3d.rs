//! The shapes of `conv3d`.

use super::{
    ConvOptions, Dim, Law, Message, Shape, WindowCheck, channels_message, convolution, groups_divide,
    groups_message,
};
use crate::kernel::conv::conv::Convolution;
use crate::kernel::conv::depth::Depth;
use std::marker::PhantomData;

/// A weight `W` can be moved over volumes `S`.
pub struct Conv3dFits<W, S, O>(PhantomData<fn() -> (W, S, O)>);

impl<W, S, O> Law for Conv3dFits<W, S, O>
where
    W: Conv3dShape<S, O>,
{
    const WRONG: Option<Message> = W::WRONG;
}

/// A weight of shape `Self` can be moved over volumes of shape `S`: `[O, C / groups, KD, KH, KW]` over `[B, C, D, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv3d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv3d takes an input `[B, C, D, H, W]` and a weight `[O, C / groups, KD, KH, KW]`"
)]
pub trait Conv3dShape<S, O>: Shape {
    /// `[B, O, D', H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    const DEPTH: Depth;
    #[doc(hidden)]
    const IMAGES: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, D: Dim, H: Dim, W: Dim, N: Dim, P: Dim, KD: Dim, KH: Dim, KW: Dim, O: ConvOptions>
    Conv3dShape<(B, C, D, H, W), O> for (N, P, KD, KH, KW)
{
    type Convolved = (
        B,
        N,
        O::Places<D, KD>,
        O::Places<H, KH>,
        O::Places<W, KW>,
    );
    const DEPTH: Depth = Depth {
        batch: B::SIZE,
        channels: C::SIZE,
        depth: D::SIZE,
        plane: H::SIZE * W::SIZE,
        places: O::WINDOW.with_kernel(KD::SIZE).places(D::SIZE),
        kernel: KD::SIZE,
        stride: O::WINDOW.stride,
        padding: O::WINDOW.padding,
        dilation: O::WINDOW.dilation,
    };
    const IMAGES: Convolution = convolution(
        B::SIZE * O::WINDOW.with_kernel(KD::SIZE).places(D::SIZE),
        [C::SIZE * KD::SIZE, N::SIZE],
        O::GROUPS,
        [H::SIZE, W::SIZE],
        [
            O::WINDOW.with_kernel(KH::SIZE),
            O::WINDOW.with_kernel(KW::SIZE),
        ],
    );
    const WRONG: Option<Message> = {
        let deep = O::WINDOW.with_kernel(KD::SIZE);
        let depth = WindowCheck { name: "conv3d along the depth", input: &[D::SIZE], windows: &[deep] };
        let planes = WindowCheck {
            name: "conv3d",
            input: &[H::SIZE, W::SIZE],
            windows: &[
                O::WINDOW.with_kernel(KH::SIZE),
                O::WINDOW.with_kernel(KW::SIZE),
            ],
        };
        if C::SIZE != P::SIZE * O::GROUPS {
            Some(channels_message("conv3d", P::SIZE * O::GROUPS, C::SIZE))
        } else if !groups_divide([C::SIZE, N::SIZE], O::GROUPS) {
            Some(groups_message("conv3d", [C::SIZE, N::SIZE], O::GROUPS))
        } else if !depth.fits() {
            Some(depth.message())
        } else if !planes.fits() {
            Some(planes.message())
        } else {
            None
        }
    };
}
