//! Pooling layers of volumes.

use super::pool::{TakesImages, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Convolved, Dim, DimExpr, Expr, Law, Laws, Pooling, Product, Window};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};

/// The positions of a window on the axis `D`.
type Places<D, const K: usize, const STRIDE: usize, const PADDING: usize> =
    Expr<Convolved<D, Const<K>, STRIDE, PADDING, 1>>;

macro_rules! pool3d {
    ($( $(#[$attr:meta])* $name:ident, $max:literal, $planes:ident, $depth:ident ($($argument:expr)?); )+) => { $(
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<const K: usize, const STRIDE: usize = K, const PADDING: usize = 0>;

        without_parameters!(
            [const K: usize, const STRIDE: usize, const PADDING: usize] $name<K, STRIDE, PADDING>
        );

        impl<const K: usize, const STRIDE: usize, const PADDING: usize> Init for $name<K, STRIDE, PADDING> {
            fn new(_: &mut Rng) -> Self {
                $name
            }
        }

        impl<N: Dim, C: Dim, D: Dim, H: Dim, W: Dim, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize>
            TakesImages<(N, C, D, H, W), E> for $name<K, STRIDE, PADDING>
        {
            type Pooled =
                (N, C, Places<D, K, STRIDE, PADDING>, Places<H, K, STRIDE, PADDING>, Places<W, K, STRIDE, PADDING>);
            const BROKEN: Broken = <(
                Pooling<(N, C, H, W), $max, 2, Window<K, STRIDE, PADDING>>,
                Pooling<(N, C, D), $max, 1, Window<K, STRIDE, PADDING>>,
            ) as Law>::BROKEN;
            fn pooled<M: Mode>(&self, x: Input<(N, C, D, H, W), M, E>) -> impl Traced<Self::Pooled, M, E> {
                // Over the planes of all depths first, then over the depths of all positions.
                let x = x.relabel::<(N, Expr<Product<C, D>>, H, W)>();
                let x = pool3d!(@planes $planes, x, K, STRIDE, PADDING);
                let x = x.relabel::<(
                    N,
                    C,
                    D,
                    Expr<Product<Places<H, K, STRIDE, PADDING>, Places<W, K, STRIDE, PADDING>>>,
                )>();
                x.$depth::<Window<K, STRIDE, PADDING>, Window<1>>($($argument)?).relabel::<Self::Pooled>()
            }
        }
    )+ };
    (@planes max_pool2d, $x:ident, $k:ident, $stride:ident, $padding:ident) => {
        $x.max_pool2d::<$k, $stride, $padding, 1>()
    };
    (@planes avg_pool2d, $x:ident, $k:ident, $stride:ident, $padding:ident) => {
        $x.avg_pool2d::<$k, $stride, $padding>()
    };
}
pool3d! {
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
    MaxPool3d, true, max_pool2d, max_pool2d_rect();
    /// The mean of each window of volumes, in which the padding counts. PyTorch's `nn.AvgPool3d(K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`MaxPool3d`].
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = AvgPool3d::<2>::new(&mut Rng::seed(0)).infer(Tensor::<Rank5<1, 3, 4, 6, 8>>::ones());
    /// assert_eq!(y.with_shape(), Tensor::<Rank5<1, 3, 2, 3, 4>>::ones());
    /// ```
    AvgPool3d, false, avg_pool2d, avg_pool2d_rect(true);
}

takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize] MaxPool3d<K, STRIDE, PADDING>, [D H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize>
    Forward<(N, C, D, H, Const<W>), E> for MaxPool3d<K, STRIDE, PADDING>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

takes_images!([const K: usize, const STRIDE: usize, const PADDING: usize] AvgPool3d<K, STRIDE, PADDING>, [D H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, const K: usize, const STRIDE: usize, const PADDING: usize>
    Forward<(N, C, D, H, Const<W>), E> for AvgPool3d<K, STRIDE, PADDING>
{
    takes_images!(in (N, C, D, H, Const<W>));
}
