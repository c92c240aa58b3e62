//! GLU as a layer.

use super::pool::without_parameters;
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::ops::HalvesOf;
use crate::rng::Rng;
use crate::shape::{Axis, Law, Laws};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

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
    type Output = S::HalvedAxis;
    const LAWS: Laws = Laws::always(HalvesOf::<S, AXIS>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        x.glu::<AXIS>()
    }
}
