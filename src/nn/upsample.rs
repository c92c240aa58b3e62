//! Enlarging images, as a layer.

use super::pool::{TakesImages, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Follower;
use crate::ops::{Interpolation, NearestMode};
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Laws, Scale};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Images `SCALE` times as high and wide. PyTorch's `nn.Upsample(scale_factor=SCALE, mode=..)`: [`NearestMode`] by default,
/// or [`BilinearMode`](super::BilinearMode).
///
/// In: `[B, C, H, W]`. Out: `[B, C, SCALE H, SCALE W]`, expressions.
///
/// ```
/// use typegrad::nn::{BilinearMode, Upsample};
/// use typegrad::prelude::*;
/// let up = Upsample::<2, BilinearMode>::new(&mut Rng::seed(0));
/// let y = up.infer(Tensor::<Rank4<2, 3, 5, 7>>::ones());
/// let y: Tensor<Rank4<2, 3, 10, 14>> = y.with_shape();
/// ```
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Upsample<const SCALE: usize, I = NearestMode>(I);

without_parameters!([const SCALE: usize, I] Upsample<SCALE, I>);

impl<const SCALE: usize, I: Interpolation> Init for Upsample<SCALE, I> {
    fn new(_: &mut Rng) -> Self {
        Upsample(I::default())
    }
}

impl<const SCALE: usize, I: Interpolation> fmt::Debug for Upsample<SCALE, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upsample(scale_factor={SCALE}.0, mode={})", I::MODE)
    }
}

takes_images!([const SCALE: usize, I: Interpolation] Upsample<SCALE, I>, [H] W);

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, const SCALE: usize, I: Interpolation> Forward<(N, C, H, Const<W>), E> for Upsample<SCALE, I> {
    takes_images!(in (N, C, H, Const<W>));
}

impl<S: Scale<SCALE>, E: Float, const SCALE: usize, I: Interpolation> TakesImages<S, E>
    for Upsample<SCALE, I>
{
    type Pooled = S::Scaled;
    fn pooled<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
        x.upsample::<SCALE, I>()
    }
}
