//! PReLU as a layer.

use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::ops::Weights;
use crate::rng::Rng;
use crate::shape::{Law, Laws, Rank1, Shape};
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
