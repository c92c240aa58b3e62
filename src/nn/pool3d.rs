//! Pooling layers of volumes.

use super::pool::{TakesImages, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::kernel::conv::pool::Windows;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Dim, DimExpr, Expr, Law, Laws, VolumePooling, Window, WindowAxis};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The positions of a window `V` on the axis `D`.
pub(super) type Places<V, D> = <V as WindowAxis>::Places<D>;

/// The largest element of each window of volumes. PyTorch's `nn.MaxPool3d(K, STRIDE, PADDING)`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, where D' = (D + 2 PADDING - K) / STRIDE + 1, an expression, and H' and
/// W' likewise.
///
/// ```
/// use typegrad::prelude::*;
/// let y = MaxPool3d::<2>::new(&mut Rng::seed(0)).infer(Tensor::<Rank5<1, 3, 4, 6, 8>>::ones());
/// let y: Tensor<Rank5<1, 3, 2, 3, 4>> = y.with_shape();
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxPool3d<const K: usize, const STRIDE: usize = K, const PADDING: usize = 0>;

impl<const K: usize, const STRIDE: usize, const PADDING: usize> fmt::Debug for MaxPool3d<K, STRIDE, PADDING> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "MaxPool3d(kernel_size={K}, stride={STRIDE}, padding={PADDING}, dilation=1, ceil_mode=False)"
        )
    }
}

/// The mean of each window of volumes. PyTorch's `nn.AvgPool3d(K, STRIDE, PADDING)`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`MaxPool3d`].
///
/// ```
/// use typegrad::prelude::*;
/// let y = AvgPool3d::<2>::new(&mut Rng::seed(0)).infer(Tensor::<Rank5<1, 3, 4, 6, 8>>::ones());
/// assert_eq!(y.with_shape(), Tensor::<Rank5<1, 3, 2, 3, 4>>::ones());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvgPool3d<const K: usize, const STRIDE: usize = K, const PADDING: usize = 0> {
    count_include_pad: bool,
}

impl<const K: usize, const STRIDE: usize, const PADDING: usize> fmt::Debug for AvgPool3d<K, STRIDE, PADDING> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AvgPool3d(kernel_size={K}, stride={STRIDE}, padding={PADDING})")
    }
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

count_include_pad!([const K: usize, const STRIDE: usize, const PADDING: usize] AvgPool3d<K, STRIDE, PADDING>, {});

/// A pooling of volumes by windows along the depth, the height and the width: over the planes of all depths, then over the
/// depths of all positions. `$pass` is one of both.
macro_rules! pools_volumes {
    (
        [$($generics:tt)*] [$($bounds:tt)*] $layer:ty, $max:literal, [$wd:ty, $wh:ty, $ww:ty],
        |$this:ident, $x:ident, $planes:ident| $pass:expr
    ) => {
        without_parameters!([$($generics)*] $layer);

        impl<$($generics)*> Init for $layer {
            fn new(_: &mut Rng) -> Self {
                Self::default()
            }
        }

        impl<N: Dim, C: Dim, D: Dim, H: Dim, W: Dim, E: Float, $($bounds)*> TakesImages<(N, C, D, H, W), E> for $layer {
            type Pooled = (N, C, Places<$wd, D>, Places<$wh, H>, Places<$ww, W>);
            const BROKEN: Broken = VolumePooling::<(N, C, D, H, W), $max, $wd, $wh, $ww>::BROKEN;
            fn pooled<M: Mode>(&self, $x: Input<(N, C, D, H, W), M, E>) -> impl Traced<Self::Pooled, M, E> {
                let ($this, $planes) = (self, &VolumePooling::<(N, C, D, H, W), $max, $wd, $wh, $ww>::PLANES);
                let $x: Tensor<(N, C, D, Places<$wh, H>, Places<$ww, W>), E, _> = $pass;
                let $planes = &VolumePooling::<(N, C, D, H, W), $max, $wd, $wh, $ww>::DEPTHS;
                $pass
            }
        }

        takes_images!([$($bounds)*] $layer, [D H] W);
    };
}
pub(super) use pools_volumes;

pools_volumes!(
    [const K: usize, const STRIDE: usize, const PADDING: usize]
    [const K: usize, const STRIDE: usize, const PADDING: usize]
    MaxPool3d<K, STRIDE, PADDING>, true,
    [Window<K, STRIDE, PADDING>, Window<K, STRIDE, PADDING>, Window<K, STRIDE, PADDING>],
    |_this, x, planes| x.largest_of::<_, ()>(planes.0, &planes.1)
);
pools_volumes!(
    [const K: usize, const STRIDE: usize, const PADDING: usize]
    [const K: usize, const STRIDE: usize, const PADDING: usize]
    AvgPool3d<K, STRIDE, PADDING>, false,
    [Window<K, STRIDE, PADDING>, Window<K, STRIDE, PADDING>, Window<K, STRIDE, PADDING>],
    |this, x, planes| x.mean_of::<_, ()>(Windows::moving(planes.0, &planes.1, this.count_include_pad))
);
#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize>
    Forward<(N, C, D, H, Const<W>), E> for MaxPool3d<K, STRIDE, PADDING>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize>
    Forward<(N, C, D, H, Const<W>), E> for AvgPool3d<K, STRIDE, PADDING>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    /// The text of PyTorch.
    #[test]
    fn layers_print_their_windows() {
        let rng = &mut Rng::seed(0);
        let max = MaxPool3d::<3, 2, 1>::new(rng);
        assert_eq!(
            format!("{max:?}"),
            "MaxPool3d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)"
        );
        assert_eq!(
            format!("{:?}", AvgPool3d::<2>::new(rng)),
            "AvgPool3d(kernel_size=2, stride=2, padding=0)"
        );
    }
}
