//! ReLU as a layer.

use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};

/// max(x, 0), element by element, as a layer. PyTorch's `nn.ReLU`.
///
/// In: any shape. Out: the same shape.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Relu;

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float> Forward<S, E> for Relu {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x.relu()
    }
}

impl Module for Relu {
    const NUM_PARAMETERS: Option<usize> = Some(0);

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
}

impl Init for Relu {
    fn new(_: &mut Rng) -> Self {
        Relu
    }
}
