//! Pixel shuffling as layers.

use super::pool::without_parameters;
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{Law, Laws, PixelShape, Shuffles, Unshuffles};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! pixels {
    ($( $(#[$attr:meta])* $name:ident, $factor:literal; )+) => { $(
        $(#[$attr])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<const R: usize>;

        without_parameters!([const R: usize] $name<R>);

        impl<const R: usize> Init for $name<R> {
            fn new(_: &mut Rng) -> Self {
                $name
            }
        }

        impl<const R: usize> fmt::Debug for $name<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}={R})", stringify!($name), $factor)
            }
        }

    )+ };
}
pixels! {
    /// Images `R` times as high and wide, whose pixels are taken from R² channels. PyTorch's `nn.PixelShuffle(R)`.
    ///
    /// In: `[.., C R R, H, W]`. Out: `[.., C, H R, W R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let up = <(Conv2d<3, 12, 3, 1, 1>, PixelShuffle<2>)>::new(&mut Rng::seed(0));
    /// let y = up.infer(Tensor::<Rank4<2, 3, 5, 7>>::ones());
    /// let y: Tensor<Rank4<2, 3, 10, 14>> = y.with_shape();
    /// ```
    PixelShuffle, "upscale_factor";
    /// Images with R² times as many channels, and a height and width divided by `R`. PyTorch's `nn.PixelUnshuffle(R)`.
    ///
    /// In: `[.., C, H R, W R]`. Out: `[.., C R R, H, W]`, expressions.
    PixelUnshuffle, "downscale_factor";
}

// Not in the macro, so that errors show no macro.
impl<S: PixelShape<R>, E: Float, const R: usize> Forward<S, E> for PixelShuffle<R> {
    type Output = S::Shuffled;
    const LAWS: Laws = Laws::always(Shuffles::<S, R>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        x.pixel_shuffle::<R>()
    }
}

impl<S: PixelShape<R>, E: Float, const R: usize> Forward<S, E> for PixelUnshuffle<R> {
    type Output = S::Unshuffled;
    const LAWS: Laws = Laws::always(Unshuffles::<S, R>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        x.pixel_unshuffle::<R>()
    }
}
