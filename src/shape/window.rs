//! The sizes behind windows that move over an axis: convolutions and pooling.

use super::{Const, Dim, DimExpr, Expr, Message, Shape};
use crate::kernel::conv::conv::Convolution;
use std::marker::PhantomData;

/// The number of places that a window of size `K` has on the axis `D`:
/// (D + 2 padding - dilation (K - 1) - 1) / stride + 1, rounded down, and 0 if the window does not fit.
#[derive(Debug)]
pub struct Convolved<D, K, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
    PhantomData<fn() -> (D, K)>,
);

impl<D, K, const STRIDE: usize, const PADDING: usize, const DILATION: usize> DimExpr
    for Convolved<D, K, STRIDE, PADDING, DILATION>
where
    D: Dim,
    K: Dim,
{
    const SIZE: usize = places(D::SIZE + 2 * PADDING, extent(K::SIZE, DILATION), STRIDE);
}

/// The axis on which a window of size `K` has `D` places, as behind a transposed convolution:
/// (D - 1) stride - 2 padding + dilation (K - 1) + output padding + 1, and 0 if that is less.
#[derive(Debug)]
pub struct ConvTransposed<
    D,
    K,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
>(PhantomData<fn() -> (D, K)>);

impl<
    D: Dim,
    K: Dim,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
> DimExpr for ConvTransposed<D, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>
{
    const SIZE: usize = if D::SIZE == 0 {
        0
    } else {
        ((D::SIZE - 1) * STRIDE + extent(K::SIZE, DILATION) + OUTPUT_PADDING).saturating_sub(2 * PADDING)
    };
}

/// The elements that a window reaches over.
pub(crate) const fn extent(kernel: usize, dilation: usize) -> usize {
    if kernel == 0 { 0 } else { dilation * (kernel - 1) + 1 }
}

const fn places(padded: usize, extent: usize, stride: usize) -> usize {
    if stride == 0 || extent == 0 || extent > padded { 0 } else { (padded - extent) / stride + 1 }
}

/// The window of an operation on the last axes of a tensor, and whether it fits there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    pub(crate) name: &'a str,
    /// The sizes of the axes.
    pub(crate) input: &'a [usize],
    /// The sizes of the window along them.
    pub(crate) kernel: &'a [usize],
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

impl Window<'_> {
    /// Whether there is a place for it on each axis.
    pub(crate) const fn fits(&self) -> bool {
        let mut i = 0;
        while i < self.input.len() {
            let extent = extent(self.kernel[i], self.dilation);
            if extent == 0 || extent > self.input[i] + 2 * self.padding {
                return false;
            }
            i += 1;
        }
        self.stride > 0 && self.dilation > 0
    }

    /// What is wrong, if it does not fit.
    pub(crate) const fn message(&self) -> Message {
        if self.stride == 0 || self.dilation == 0 {
            return Message::new()
                .text(self.name)
                .text(" needs a stride and a dilation of at least 1: they are ")
                .number(self.stride)
                .text(" and ")
                .number(self.dilation);
        }
        let message = Message::new()
            .text("the kernel of ")
            .text(self.name)
            .text(" must fit into its input: it has the size ")
            .sizes(self.kernel);
        let message =
            if self.dilation > 1 { message.text(" with dilation ").number(self.dilation) } else { message };
        message
            .text(", but the input has the size ")
            .sizes(self.input)
            .text(" and a padding of ")
            .number(self.padding)
            .text(" at each end")
    }
}

/// What is wrong with channels or groups, or nothing.
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

/// A weight of shape `Self` can be moved over signals of shape `S`: `[O, C / groups, K]` over `[B, C, L]`.
///
/// The trait is that of the weight, and not of the input, so that rustc does not infer what the weight must be and report
/// a type mismatch in place of the message.
#[diagnostic::on_unimplemented(
    message = "conv1d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv1d takes an input `[B, C, L]` and a weight `[O, C / groups, K]`"
)]
pub trait Conv1dShape<
    S,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
>: Shape
{
    /// `[B, O, L']`.
    type Convolved: Shape;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

// rustc prints the heads of these impls, so that they are short.
#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, O: Dim, P: Dim, K: Dim, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize>
    Conv1dShape<(B, C, L), STRIDE, PADDING, DILATION, GROUPS> for (O, P, K)
{
    type Convolved = (B, O, Expr<Convolved<L, K, STRIDE, PADDING, DILATION>>);
    const CONVOLUTION: Convolution = Convolution {
        batch: B::SIZE,
        channels: [C::SIZE, O::SIZE],
        groups: GROUPS,
        input: [1, L::SIZE],
        output: [1, <Expr<Convolved<L, K, STRIDE, PADDING, DILATION>>>::SIZE],
        kernel: [1, K::SIZE],
        stride: [1, STRIDE],
        padding: [0, PADDING],
        dilation: [1, DILATION],
    };
    const WRONG: Option<Message> = wrong(
        [C::SIZE, O::SIZE],
        P::SIZE,
        GROUPS,
        Window {
            name: "conv1d",
            input: &[L::SIZE],
            kernel: &[K::SIZE],
            stride: STRIDE,
            padding: PADDING,
            dilation: DILATION,
        },
    );
}

/// A weight of shape `Self` can be moved over images of shape `S`: `[O, C / groups, KH, KW]` over `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv2d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv2d takes an input `[B, C, H, W]` and a weight `[O, C / groups, KH, KW]`"
)]
pub trait Conv2dShape<
    S,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
>: Shape
{
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, O: Dim, P: Dim, KH: Dim, KW: Dim, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize>
    Conv2dShape<(B, C, H, W), STRIDE, PADDING, DILATION, GROUPS> for (O, P, KH, KW)
{
    type Convolved = (
        B,
        O,
        Expr<Convolved<H, KH, STRIDE, PADDING, DILATION>>,
        Expr<Convolved<W, KW, STRIDE, PADDING, DILATION>>,
    );
    const CONVOLUTION: Convolution = Convolution {
        batch: B::SIZE,
        channels: [C::SIZE, O::SIZE],
        groups: GROUPS,
        input: [H::SIZE, W::SIZE],
        output: [
            <Expr<Convolved<H, KH, STRIDE, PADDING, DILATION>>>::SIZE,
            <Expr<Convolved<W, KW, STRIDE, PADDING, DILATION>>>::SIZE,
        ],
        kernel: [KH::SIZE, KW::SIZE],
        stride: [STRIDE; 2],
        padding: [PADDING; 2],
        dilation: [DILATION; 2],
    };
    const WRONG: Option<Message> = wrong(
        [C::SIZE, O::SIZE],
        P::SIZE,
        GROUPS,
        Window {
            name: "conv2d",
            input: &[H::SIZE, W::SIZE],
            kernel: &[KH::SIZE, KW::SIZE],
            stride: STRIDE,
            padding: PADDING,
            dilation: DILATION,
        },
    );
}

/// A weight of shape `Self` can be moved, transposed, over images of shape `S`: `[C, O / groups, KH, KW]` over
/// `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv_transpose2d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv_transpose2d takes an input `[B, C, H, W]` and a weight `[C, O / groups, KH, KW]`"
)]
pub trait ConvTranspose2dShape<
    S,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
>: Shape
{
    /// `[B, O, H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    const CONVOLUTION: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, I: Dim, P: Dim, KH: Dim, KW: Dim, const STRIDE: usize, const PADDING: usize, const OUTPUT_PADDING: usize, const DILATION: usize, const GROUPS: usize>
    ConvTranspose2dShape<(B, C, H, W), STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS> for (I, P, KH, KW)
{
    type Convolved = (
        B,
        Expr<super::Product<P, Const<GROUPS>>>,
        Expr<ConvTransposed<H, KH, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>,
        Expr<ConvTransposed<W, KW, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>,
    );
    // The convolution it is the transpose of: from the output to the input.
    const CONVOLUTION: Convolution = Convolution {
        batch: B::SIZE,
        channels: [P::SIZE * GROUPS, C::SIZE],
        groups: GROUPS,
        input: [
            <Expr<ConvTransposed<H, KH, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>>::SIZE,
            <Expr<ConvTransposed<W, KW, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>>::SIZE,
        ],
        output: [H::SIZE, W::SIZE],
        kernel: [KH::SIZE, KW::SIZE],
        stride: [STRIDE; 2],
        padding: [PADDING; 2],
        dilation: [DILATION; 2],
    };
    const WRONG: Option<Message> = {
        let channels = [C::SIZE, P::SIZE * GROUPS];
        if C::SIZE != I::SIZE {
            Some(channels_message("conv_transpose2d", I::SIZE, C::SIZE))
        } else if !groups_divide(channels, GROUPS) {
            Some(groups_message("conv_transpose2d", channels, GROUPS))
        } else {
            let wrong = Transposed {
                name: "conv_transpose2d",
                output: <<Self as ConvTranspose2dShape<
                    (B, C, H, W),
                    STRIDE,
                    PADDING,
                    OUTPUT_PADDING,
                    DILATION,
                    GROUPS,
                >>::Convolved as Shape>::SIZES
                    .split_at(2)
                    .1,
                stride: STRIDE,
                padding: PADDING,
                output_padding: OUTPUT_PADDING,
                dilation: DILATION,
            };
            wrong.wrong()
        }
    };
}

/// The options of a transposed convolution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transposed<'a> {
    pub(crate) name: &'a str,
    pub(crate) output: &'a [usize],
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) output_padding: usize,
    pub(crate) dilation: usize,
}

impl Transposed<'_> {
    /// What is wrong with them, or nothing.
    pub(crate) const fn wrong(&self) -> Option<Message> {
        if self.stride == 0 || self.dilation == 0 {
            let window = Window {
                name: self.name,
                input: &[],
                kernel: &[],
                stride: self.stride,
                padding: self.padding,
                dilation: self.dilation,
            };
            return Some(window.message());
        }
        if self.output_padding >= self.stride && self.output_padding >= self.dilation {
            let message = Message::new()
                .text("the output padding of ")
                .text(self.name)
                .text(" must be smaller than the stride or the dilation: it is ")
                .number(self.output_padding)
                .text(", the stride is ")
                .number(self.stride)
                .text(" and the dilation ")
                .number(self.dilation);
            return Some(message);
        }
        let mut i = 0;
        while i < self.output.len() {
            if self.output[i] == 0 {
                let message = Message::new()
                    .text(self.name)
                    .text(" leaves nothing of its input: the output would have the size ")
                    .sizes(self.output)
                    .text(" with a padding of ")
                    .number(self.padding);
                return Some(message);
            }
            i += 1;
        }
        None
    }
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

/// What is wrong with a convolution whose weight has `part` input channels for each group.
const fn wrong(channels: [usize; 2], part: usize, groups: usize, window: Window<'_>) -> Option<Message> {
    if channels[0] != part * groups {
        Some(channels_message(window.name, part * groups, channels[0]))
    } else if !groups_divide(channels, groups) {
        Some(groups_message(window.name, channels, groups))
    } else if !window.fits() {
        Some(window.message())
    } else {
        None
    }
}

/// A shape whose second axis holds channels, for each of which a vector of shape `S` has a number.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` does not have the channels of a vector of shape `{S}`",
    label = "the second axis of `{Self}` is that of the channels"
)]
pub trait Channels<S>: Shape {
    /// The number of elements of the axes before, the channels, and the number of elements of the axes behind.
    #[doc(hidden)]
    const ALONG: [usize; 3];
}

macro_rules! impl_channels {
    ($($dim:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<B: Dim, C: Dim, $($dim: Dim),*> Channels<(C,)> for (B, C, $($dim,)*) {
            const ALONG: [usize; 3] = [B::SIZE, C::SIZE, 1 $(* $dim::SIZE)*];
        }
    };
}
impl_channels!();
impl_channels!(D);
impl_channels!(D E);
impl_channels!(D E F);
impl_channels!(D E F G);

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: the shapes of PyTorch's `conv2d` and `conv_transpose2d`.
    #[test]
    fn sizes_are_those_of_pytorch() {
        type D<const N: usize> = Const<N>;
        assert_eq!(<Expr<Convolved<D<8>, D<3>, 1, 1, 1>>>::SIZE, 8);
        assert_eq!(<Expr<Convolved<D<7>, D<3>, 2, 0, 1>>>::SIZE, 3);
        assert_eq!(<Expr<Convolved<D<8>, D<3>, 2, 0, 1>>>::SIZE, 3);
        assert_eq!(<Expr<Convolved<D<10>, D<3>, 2, 1, 2>>>::SIZE, 4);
        assert_eq!(<Expr<Convolved<D<2>, D<3>, 1, 0, 1>>>::SIZE, 0);
        assert_eq!(<Expr<ConvTransposed<D<4>, D<3>, 2, 1, 1, 1>>>::SIZE, 8);
        assert_eq!(<Expr<ConvTransposed<D<4>, D<3>, 2, 1, 0, 2>>>::SIZE, 9);
        assert_eq!(<Expr<ConvTransposed<D<1>, D<2>, 1, 1, 0, 1>>>::SIZE, 0);
    }
}
