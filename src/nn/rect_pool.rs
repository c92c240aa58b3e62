//! Pooling layers whose windows differ by axis.

use super::conv_layer::tuple;
use super::pool::{TakesImages, count_include_pad, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::kernel::conv::pool::Windows;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Dim, DimExpr, Expr, Law, Laws, Pool, Pooling, WindowAxis};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// A pooling with a window for each of the last `$axes` axes.
macro_rules! pools {
    ([$($window:ident),+] $layer:ty, $max:literal, $axes:literal, [$($dim:ident)*], |$this:ident, $x:ident| $pooled:expr) => {
        without_parameters!([$($window),+] $layer);

        impl<$($window),+> Init for $layer {
            fn new(_: &mut Rng) -> Self {
                Self::default()
            }
        }

        impl<S: Pool<$axes, ($($window),+)>, E: Float, $($window),+> TakesImages<S, E> for $layer {
            type Pooled = S::Output;
            const BROKEN: Broken = Pooling::<S, $max, $axes, ($($window),+)>::BROKEN;
            fn pooled<M: Mode>(&self, $x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
                let $this = self;
                $pooled
            }
        }

        takes_images!([$($window: WindowAxis),+] $layer, [$($dim)*] W);
    };
}

/// The largest element of each window of an image, with a [`Window`](crate::Window) for the height and one for the width.
/// PyTorch's `nn.MaxPool2d((KH, KW), (SH, SW), (PH, PW), (DH, DW))`.
///
/// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, as for [`MaxPool2d`](super::MaxPool2d). The stride is that of the windows:
/// 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectMaxPool2d::<Window<1>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[3.0], [2.0]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectMaxPool2d<WH, WW>(PhantomData<fn() -> (WH, WW)>);

impl<WH, WW> Default for RectMaxPool2d<WH, WW> {
    fn default() -> Self {
        RectMaxPool2d(PhantomData)
    }
}

impl<WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectMaxPool2d<WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let [padding, dilation] = [tuple(&windows, |w| w.padding), tuple(&windows, |w| w.dilation)];
        write!(f, "MaxPool2d(kernel_size={kernel}, stride={stride}, padding={padding}, ")?;
        write!(f, "dilation={dilation}, ceil_mode=False)")
    }
}

pools!([WH, WW] RectMaxPool2d<WH, WW>, true, 2, [H], |_this, x| x.largest_of::<_, ()>(S::PLANES, &S::MOVING));

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectMaxPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

/// The mean of each window of an image, with a [`Window`](crate::Window) for the height and one for the width. PyTorch's
/// `nn.AvgPool2d((KH, KW), (SH, SW), (PH, PW))`.
///
/// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, as for [`AvgPool2d`](super::AvgPool2d). The stride is that of the windows:
/// 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectAvgPool2d::<Window<1>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[2.0], [1.0]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectAvgPool2d<WH, WW> {
    count_include_pad: bool,
    #[serde(skip)]
    windows: PhantomData<fn() -> (WH, WW)>,
}

count_include_pad!([WH, WW] RectAvgPool2d<WH, WW>, { windows: PhantomData });

impl<WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectAvgPool2d<WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let padding = tuple(&windows, |w| w.padding);
        write!(f, "AvgPool2d(kernel_size={kernel}, stride={stride}, padding={padding})")
    }
}

pools!([WH, WW] RectAvgPool2d<WH, WW>, false, 2, [H], |this, x| {
    x.mean_of::<_, ()>(Windows::moving(S::PLANES, &S::MOVING, this.count_include_pad))
});

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectAvgPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

/// The largest element of each window of volumes, with a [`Window`](crate::Window) for the depth, one for the height and one for
/// the width. PyTorch's `nn.MaxPool3d((KD, KH, KW), (SD, SH, SW), (PD, PH, PW), (DD, DH, DW))`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`MaxPool3d`](super::MaxPool3d). The stride is that of the
/// windows: 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// // PyTorch: nn.MaxPool3d((1, 2, 2))
/// let pool = RectMaxPool3d::<Window<1>, Window<2, 2>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[[1.0_f32, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[[3.0]], [[7.0]]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectMaxPool3d<WD, WH, WW>(PhantomData<fn() -> (WD, WH, WW)>);

impl<WD, WH, WW> Default for RectMaxPool3d<WD, WH, WW> {
    fn default() -> Self {
        RectMaxPool3d(PhantomData)
    }
}

impl<WD: WindowAxis, WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectMaxPool3d<WD, WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WD::SIZES, WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let [padding, dilation] = [tuple(&windows, |w| w.padding), tuple(&windows, |w| w.dilation)];
        write!(f, "MaxPool3d(kernel_size={kernel}, stride={stride}, padding={padding}, ")?;
        write!(f, "dilation={dilation}, ceil_mode=False)")
    }
}

/// The mean of each window of volumes, with a [`Window`](crate::Window) for the depth, one for the height and one for the width.
/// PyTorch's `nn.AvgPool3d((KD, KH, KW), (SD, SH, SW), (PD, PH, PW))`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`AvgPool3d`](super::AvgPool3d). The stride is that of the
/// windows: 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectAvgPool3d::<Window<1>, Window<2, 2>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[[1.0_f32, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[[1.5]], [[5.5]]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectAvgPool3d<WD, WH, WW> {
    count_include_pad: bool,
    #[serde(skip)]
    windows: PhantomData<fn() -> (WD, WH, WW)>,
}

impl<WD: WindowAxis, WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectAvgPool3d<WD, WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WD::SIZES, WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let padding = tuple(&windows, |w| w.padding);
        write!(f, "AvgPool3d(kernel_size={kernel}, stride={stride}, padding={padding})")
    }
}

count_include_pad!([WD, WH, WW] RectAvgPool3d<WD, WH, WW>, { windows: PhantomData });

pools!([WD, WH, WW] RectMaxPool3d<WD, WH, WW>, true, 3, [D H], |_this, x| {
    x.largest_of_volumes::<(WD, WH, WW), ()>()
});
pools!([WD, WH, WW] RectAvgPool3d<WD, WH, WW>, false, 3, [D H], |this, x| {
    x.means_of_volumes::<(WD, WH, WW), ()>(this.count_include_pad)
});

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis>
    Forward<(N, C, D, H, Const<W>), E> for RectMaxPool3d<WD, WH, WW>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis>
    Forward<(N, C, D, H, Const<W>), E> for RectAvgPool3d<WD, WH, WW>
{
    takes_images!(in (N, C, D, H, Const<W>));
}
