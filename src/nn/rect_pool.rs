//! Pooling layers whose windows differ by axis.

use super::conv_layer::tuple;
use super::pool::{TakesImages, takes_images, without_parameters};
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

without_parameters!([WH, WW] RectMaxPool2d<WH, WW>);

impl<WH, WW> Default for RectMaxPool2d<WH, WW> {
    fn default() -> Self {
        RectMaxPool2d(PhantomData)
    }
}

impl<WH, WW> Init for RectMaxPool2d<WH, WW> {
    fn new(_: &mut Rng) -> Self {
        Self::default()
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

takes_images!([WH: WindowAxis, WW: WindowAxis] RectMaxPool2d<WH, WW>, [H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectMaxPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

impl<S, E, WH, WW> TakesImages<S, E> for RectMaxPool2d<WH, WW>
where
    S: Pool<2, (WH, WW)>,
    E: Float,
{
    type Pooled = S::Output;
    const BROKEN: Broken = Pooling::<S, true, 2, (WH, WW)>::BROKEN;
    fn pooled<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
        x.largest_of::<_, ()>(S::PLANES, &S::MOVING)
    }
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

without_parameters!([WH, WW] RectAvgPool2d<WH, WW>);

impl<WH, WW> RectAvgPool2d<WH, WW> {
    /// Sets whether padding counts, as 0; it does by default. PyTorch's `count_include_pad`.
    #[must_use]
    pub fn count_include_pad(self, count_include_pad: bool) -> Self {
        RectAvgPool2d { count_include_pad, windows: PhantomData }
    }
}

impl<WH, WW> Default for RectAvgPool2d<WH, WW> {
    fn default() -> Self {
        RectAvgPool2d { count_include_pad: true, windows: PhantomData }
    }
}

impl<WH, WW> Init for RectAvgPool2d<WH, WW> {
    fn new(_: &mut Rng) -> Self {
        Self::default()
    }
}

impl<WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectAvgPool2d<WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let padding = tuple(&windows, |w| w.padding);
        write!(f, "AvgPool2d(kernel_size={kernel}, stride={stride}, padding={padding})")
    }
}

takes_images!([WH: WindowAxis, WW: WindowAxis] RectAvgPool2d<WH, WW>, [H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectAvgPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

impl<S, E, WH, WW> TakesImages<S, E> for RectAvgPool2d<WH, WW>
where
    S: Pool<2, (WH, WW)>,
    E: Float,
{
    type Pooled = S::Output;
    const BROKEN: Broken = Pooling::<S, false, 2, (WH, WW)>::BROKEN;
    fn pooled<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
        x.mean_of::<_, ()>(Windows::moving(S::PLANES, &S::MOVING, self.count_include_pad))
    }
}
