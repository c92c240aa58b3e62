//! Pooling layers.

use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::kernel::conv::pool::Windows;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{
    Broken, Const, Dim, DimExpr, Expr, Law, Laws, Pool, Pooling, Resize, Resizing, Shape, Window,
};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Layers without parameters: they visit nothing.
macro_rules! without_parameters {
    ([$($generics:tt)*] $layer:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Module for $layer {
            const NUM_PARAMETERS: Option<usize> = Some(0);
            const PARTS: crate::graph::ModuleParts = crate::graph::ModuleParts::named(stringify!($layer));

            fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
            fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
        }

        impl<Elements: Float, $($generics)*> crate::nn::WithElements<Elements> for $layer
        where
            Self: Clone,
        {
            type Converted = Self;
            fn with_elements(&self) -> Self {
                self.clone()
            }
        }
    };
}
pub(super) use without_parameters;

/// A layer that takes signals or images of shape `S`, of any size.
pub trait TakesImages<S: Shape, E: Float> {
    /// The shape of the result.
    type Pooled: Shape;
    /// The violated requirement on the sizes, if any.
    const BROKEN: Broken = None;
    /// The part of this layer that a convolution before it can compute.
    const FOLLOWER: Option<Follower> = None;
    /// The forward pass.
    fn pooled<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E>;
}

/// The `Forward` of a layer that takes images: an impl for a last axis that is a literal, which errors name (see `Linear`),
/// and one for a computed one. With a single impl rustc would infer its shape, and report an error elsewhere. The head of the
/// first is written out beside the layer, so that errors show no macro.
macro_rules! takes_images {
    ([$($generics:tt)*] $layer:ty, [$($dim:ident)*] $last:ident) => {
        #[diagnostic::do_not_recommend]
        #[rustfmt::skip]
        impl<Batch: Dim, Channels: Dim, $($dim: Dim,)* $last: DimExpr, E: Float, $($generics)*> Forward<(Batch, Channels, $($dim,)* Expr<$last>), E> for $layer {
            takes_images!(in (Batch, Channels, $($dim,)* Expr<$last>));
        }
    };
    (in $shape:ty) => {
        type Output = <Self as TakesImages<$shape, E>>::Pooled;
        const LAWS: Laws = Laws::always(<Self as TakesImages<$shape, E>>::BROKEN);
        const FOLLOWER: Option<Follower> = <Self as TakesImages<$shape, E>>::FOLLOWER;
        fn forward<M: Mode>(&self, x: Input<$shape, M, E>) -> impl Traced<Self::Output, M, E> {
            self.pooled(x)
        }
    };
}
pub(super) use takes_images;

/// Whether the windows are 2 x 2 elements side by side.
const fn halves(k: usize, stride: usize, padding: usize, dilation: usize) -> bool {
    k == 2 && stride == 2 && padding == 0 && dilation == 1
}

macro_rules! max_pool {
    ($(#[$attr:meta])* $name:ident, $axes:literal, |$x:ident| $largest:expr) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<
            const K: usize,
            const STRIDE: usize = K,
            const PADDING: usize = 0,
            const DILATION: usize = 1,
        >;

        without_parameters!(
            [const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize]
            $name<K, STRIDE, PADDING, DILATION>
        );

        impl<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> Init
            for $name<K, STRIDE, PADDING, DILATION>
        {
            fn new(_: &mut Rng) -> Self {
                $name
            }
        }

        impl<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> fmt::Debug
            for $name<K, STRIDE, PADDING, DILATION>
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(kernel_size={K}, stride={STRIDE}, ", stringify!($name))?;
                write!(f, "padding={PADDING}, dilation={DILATION}, ceil_mode=False)")
            }
        }

        impl<
            S: Pool<$axes, Window<K, STRIDE, PADDING, DILATION>>,
            E: Float,
            const K: usize,
            const STRIDE: usize,
            const PADDING: usize,
            const DILATION: usize,
        > TakesImages<S, E> for $name<K, STRIDE, PADDING, DILATION>
        {
            type Pooled = S::Output;
            const BROKEN: Broken = Pooling::<S, true, $axes, Window<K, STRIDE, PADDING, DILATION>>::BROKEN;
            const FOLLOWER: Option<Follower> =
                if $axes == 2 && halves(K, STRIDE, PADDING, DILATION) { Some(Follower::Halve) } else { None };
            fn pooled<M: Mode>(&self, $x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
                $largest
            }
        }
    };
}

max_pool! {
    /// The largest element of each window of a signal. PyTorch's `nn.MaxPool1d`; the stride is the kernel by
    /// default.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`, where L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression.
    ///
    /// ```
    /// use typegrad::nn::MaxPool1d;
    /// use typegrad::prelude::*;
    /// let pool = MaxPool1d::<2>::new(&mut Rng::seed(0));
    /// let y = pool.infer(Tensor::from([[[1.0_f32, 3.0, 2.0, 0.0]]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[[3.0, 2.0]]]));
    /// ```
    MaxPool1d, 1, |x| x.largest_of::<_, ()>(S::PLANES, &S::MOVING)
}

max_pool! {
    /// The largest element of each window of an image. PyTorch's `nn.MaxPool2d`; the stride is the kernel by
    /// default.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and W' likewise. That the window fits into the image is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let pool = MaxPool2d::<2>::new(&mut Rng::seed(0));
    /// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[[[3.0]]]]));
    /// ```
    MaxPool2d, 2, |x| x.largest_of::<_, ()>(S::PLANES, &S::MOVING)
}

max_pool! {
    /// The largest element of each window of volumes. PyTorch's `nn.MaxPool3d`; the stride is the kernel by default.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, where D' = (D + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and H' and W' likewise.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = MaxPool3d::<2>::new(&mut Rng::seed(0)).infer(Tensor::<Rank5<1, 3, 4, 6, 8>>::ones());
    /// let y: Tensor<Rank5<1, 3, 2, 3, 4>> = y.with_shape();
    /// ```
    MaxPool3d, 3, |x| x.largest_of_volumes::<Window<K, STRIDE, PADDING, DILATION>, ()>()
}

/// The mean of windows: whether padding counts.
macro_rules! count_include_pad {
    ([$($generics:tt)*] $layer:ty, {$($windows:tt)*}) => {
        impl<$($generics)*> $layer {
            /// Sets whether padding counts, as 0; it does by default. PyTorch's `count_include_pad`.
            #[must_use]
            pub fn count_include_pad(self, count_include_pad: bool) -> Self {
                Self { count_include_pad, $($windows)* }
            }
        }

        impl<$($generics)*> Default for $layer {
            fn default() -> Self {
                Self { count_include_pad: true, $($windows)* }
            }
        }
    };
}
pub(super) use count_include_pad;

macro_rules! avg_pool {
    ($(#[$attr:meta])* $name:ident, $axes:literal, $tuple:literal, |$this:ident, $x:ident| $means:expr) => {
        $(#[$attr])*
        #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<const K: usize, const STRIDE: usize = K, const PADDING: usize = 0> {
            count_include_pad: bool,
        }

        count_include_pad!([const K: usize, const STRIDE: usize, const PADDING: usize] $name<K, STRIDE, PADDING>, {});

        without_parameters!(
            [const K: usize, const STRIDE: usize, const PADDING: usize] $name<K, STRIDE, PADDING>
        );

        impl<const K: usize, const STRIDE: usize, const PADDING: usize> Init for $name<K, STRIDE, PADDING> {
            fn new(_: &mut Rng) -> Self {
                Self::default()
            }
        }

        impl<const K: usize, const STRIDE: usize, const PADDING: usize> fmt::Debug for $name<K, STRIDE, PADDING> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let tuple = |n: usize| $tuple.replace("{}", &n.to_string());
                let [k, stride, padding] = [tuple(K), tuple(STRIDE), tuple(PADDING)];
                write!(f, "{}(kernel_size={k}, stride={stride}, padding={padding})", stringify!($name))
            }
        }

        impl<
            S: Pool<$axes, Window<K, STRIDE, PADDING>>,
            E: Float,
            const K: usize,
            const STRIDE: usize,
            const PADDING: usize,
        > TakesImages<S, E> for $name<K, STRIDE, PADDING>
        {
            type Pooled = S::Output;
            const BROKEN: Broken = Pooling::<S, false, $axes, Window<K, STRIDE, PADDING>>::BROKEN;
            fn pooled<M: Mode>(&self, $x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
                let $this = self;
                $means
            }
        }
    };
}

avg_pool! {
    /// The mean of each window of a signal. PyTorch's `nn.AvgPool1d`; the stride is the kernel size by default.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`, where L' = (L + 2 PADDING - K) / STRIDE + 1, an expression.
    ///
    /// ```
    /// use typegrad::nn::AvgPool1d;
    /// use typegrad::prelude::*;
    /// let pool = AvgPool1d::<2, 2, 1>::new(&mut Rng::seed(0)).count_include_pad(false);
    /// let y = pool.infer(Tensor::from([[[1.0_f32, 3.0, 2.0, 0.0]]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[[1.0, 2.5, 0.0]]]));
    /// ```
    AvgPool1d, 1, "({},)", |this, x| {
        x.mean_of::<_, ()>(Windows::moving(S::PLANES, &S::MOVING, this.count_include_pad))
    }
}

avg_pool! {
    /// The mean of each window of an image. PyTorch's `nn.AvgPool2d`; the stride is the kernel size by default.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - K) / STRIDE + 1, an expression, and W'
    /// likewise.
    ///
    /// ```
    /// use typegrad::nn::AvgPool2d;
    /// use typegrad::prelude::*;
    /// let pool = AvgPool2d::<2>::new(&mut Rng::seed(0));
    /// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.5]]]]));
    /// ```
    AvgPool2d, 2, "{}", |this, x| {
        x.mean_of::<_, ()>(Windows::moving(S::PLANES, &S::MOVING, this.count_include_pad))
    }
}

avg_pool! {
    /// The mean of each window of volumes. PyTorch's `nn.AvgPool3d`; the stride is the kernel size by default.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, where D' = (D + 2 PADDING - K) / STRIDE + 1, an expression, and H' and
    /// W' likewise.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = AvgPool3d::<2>::new(&mut Rng::seed(0)).infer(Tensor::<Rank5<1, 3, 4, 6, 8>>::ones());
    /// assert_eq!(y.with_shape(), Tensor::<Rank5<1, 3, 2, 3, 4>>::ones());
    /// ```
    AvgPool3d, 3, "{}", |this, x| x.means_of_volumes::<Window<K, STRIDE, PADDING>, ()>(this.count_include_pad)
}

macro_rules! adaptive_avg_pool {
    ($(#[$attr:meta])* $name:ident, [$($size:ident $(= $default:ident)?),+], $format:literal, $possible:expr) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<$(const $size: usize $(= $default)?),+>;

        without_parameters!([$(const $size: usize),+] $name<$($size),+>);

        impl<$(const $size: usize),+> Init for $name<$($size),+> {
            fn new(_: &mut Rng) -> Self {
                $name
            }
        }

        impl<$(const $size: usize),+> fmt::Debug for $name<$($size),+> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{}(output_size=", $format, ")"), stringify!($name), $($size),+)
            }
        }

        impl<S: Resize<($(Const<$size>,)+)>, E: Float, $(const $size: usize),+> TakesImages<S, E> for $name<$($size),+> {
            type Pooled = S::Output;
            const BROKEN: Broken = $possible;
            fn pooled<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
                x.mean_of::<_, ()>(Windows::adaptive(S::PLANES, S::INPUT, S::OUTPUT))
            }
        }
    };
}

adaptive_avg_pool! {
    /// Means over windows of a signal, one for each element of the result. PyTorch's `nn.AdaptiveAvgPool1d`.
    ///
    /// In: `[B, C, L0]`. Out: `[B, C, L]`.
    ///
    /// ```
    /// use typegrad::nn::AdaptiveAvgPool1d;
    /// use typegrad::prelude::*;
    /// let pool = AdaptiveAvgPool1d::<2>::new(&mut Rng::seed(0));
    /// let y = pool.infer(Tensor::from([[[1.0_f32, 3.0, 2.0]]]));
    /// assert_eq!(y, Tensor::from([[[2.0, 2.5]]]));
    /// ```
    AdaptiveAvgPool1d, [L], "{}", Resizing::<S, (Const<L>,)>::BROKEN
}

adaptive_avg_pool! {
    /// Means over windows of an image, one for each element of the result, which is a square if only one size is given. PyTorch's
    /// `nn.AdaptiveAvgPool2d`.
    ///
    /// In: `[B, C, H0, W0]`. Out: `[B, C, H, W]`.
    ///
    /// ```
    /// use typegrad::nn::AdaptiveAvgPool2d;
    /// use typegrad::prelude::*;
    /// let pool = AdaptiveAvgPool2d::<1>::new(&mut Rng::seed(0));
    /// let y: Tensor<Rank4<2, 3, 1, 1>> = pool.infer(Tensor::<Rank4<2, 3, 5, 7>>::ones());
    /// ```
    AdaptiveAvgPool2d, [H, W = H], "({}, {})", Resizing::<S, (Const<H>, Const<W>)>::BROKEN
}

takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize] MaxPool1d<K, STRIDE, PADDING, DILATION>, [] L);

#[rustfmt::skip]
impl<N: Dim, C: Dim, const L: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Forward<(N, C, Const<L>), E> for MaxPool1d<K, STRIDE, PADDING, DILATION> {
    takes_images!(in (N, C, Const<L>));
}
takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize] MaxPool2d<K, STRIDE, PADDING, DILATION>, [H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Forward<(N, C, H, Const<W>), E> for MaxPool2d<K, STRIDE, PADDING, DILATION> {
    takes_images!(in (N, C, H, Const<W>));
}
takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize] AvgPool1d<K, STRIDE, PADDING>, [] L);

#[rustfmt::skip]
impl<N: Dim, C: Dim, const L: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize> Forward<(N, C, Const<L>), E> for AvgPool1d<K, STRIDE, PADDING> {
    takes_images!(in (N, C, Const<L>));
}
takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize] AvgPool2d<K, STRIDE, PADDING>, [H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize> Forward<(N, C, H, Const<W>), E> for AvgPool2d<K, STRIDE, PADDING> {
    takes_images!(in (N, C, H, Const<W>));
}
takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize] MaxPool3d<K, STRIDE, PADDING, DILATION>, [D H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Forward<(N, C, D, H, Const<W>), E> for MaxPool3d<K, STRIDE, PADDING, DILATION> {
    takes_images!(in (N, C, D, H, Const<W>));
}
takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize] AvgPool3d<K, STRIDE, PADDING>, [D H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize> Forward<(N, C, D, H, Const<W>), E> for AvgPool3d<K, STRIDE, PADDING> {
    takes_images!(in (N, C, D, H, Const<W>));
}
takes_images!([const L: usize] AdaptiveAvgPool1d<L>, [] L0);

#[rustfmt::skip]
impl<N: Dim, C: Dim, const L0: usize, E: Float, const L: usize> Forward<(N, C, Const<L0>), E> for AdaptiveAvgPool1d<L> {
    takes_images!(in (N, C, Const<L0>));
}
takes_images!([const H: usize, const W: usize] AdaptiveAvgPool2d<H, W>, [H0] W0);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H0: Dim, const W0: usize, E: Float, const H: usize, const W: usize> Forward<(N, C, H0, Const<W0>), E> for AdaptiveAvgPool2d<H, W> {
    takes_images!(in (N, C, H0, Const<W0>));
}
