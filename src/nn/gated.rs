//! PReLU, GLU and pixel shuffling, as layers.

use super::pool::without_parameters;
use super::{Forward, Init, Module, Param, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::ops::{Halves, Weights};
use crate::rng::Rng;
use crate::shape::{Axis, Expr, Law, Laws, Part, PixelShape, Rank1, Shape, Shuffles, Unshuffles};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// x where x is positive, else w x, element-wise, with a weight that is trained. PyTorch's `nn.PReLU`.
///
/// In: any shape, or with `C` channels `[B, C, ..]`. Out: the same shape. `weight` is `[C]`, one number by default, and is
/// initialized to 0.25.
///
/// ```
/// use typegrad::prelude::*;
/// let layer = PRelu::<1>::new(&mut Rng::seed(0));
/// assert_eq!(layer.infer(Tensor::from([-2.0, 3.0])), Tensor::from([-0.5, 3.0]));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(serialize = "E: Float + Serialize", deserialize = "E: Float + Deserialize<'de>"))]
pub struct PRelu<const C: usize = 1, E = f32> {
    /// The weight, `[C]`.
    pub weight: Param<Rank1<C>, E>,
}

impl<const C: usize, E: Float> Init for PRelu<C, E> {
    fn new(_: &mut Rng) -> Self {
        PRelu { weight: Param::new(Tensor::full(E::from_f64(0.25))) }
    }
}

impl<const C: usize, E> fmt::Debug for PRelu<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PReLU(num_parameters={C})")
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float, const C: usize> Forward<S, E> for PRelu<C, E> {
    type Output = S;
    const LAWS: Laws = Laws::always(Weights::<S, C>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x.prelu(&self.weight)
    }
}

/// a sigmoid(b), where a is the first half of an axis and b the second. PyTorch's `nn.GLU(dim=AXIS)`, the last axis by
/// default.
///
/// In: any shape with an axis `AXIS` of even size. Out: the shape with half of it, an expression.
///
/// ```
/// use typegrad::prelude::*;
/// let y = Glu::<-1>::new(&mut Rng::seed(0)).infer(Tensor::<Rank2<4, 6>>::ones());
/// let y: Tensor<Rank2<4, 3>> = y.with_shape();
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glu<const AXIS: isize = -1>;

without_parameters!([const AXIS: isize] Glu<AXIS>);

impl<const AXIS: isize> Init for Glu<AXIS> {
    fn new(_: &mut Rng) -> Self {
        Glu
    }
}

impl<const AXIS: isize> fmt::Debug for Glu<AXIS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GLU(dim={AXIS})")
    }
}

impl<S: Axis<AXIS>, E: Float, const AXIS: isize> Forward<S, E> for Glu<AXIS> {
    type Output = S::With<Expr<Part<S::Dim, 2>>>;
    const LAWS: Laws = Laws::always(Halves::<S, AXIS>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        x.glu::<AXIS>()
    }
}

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
