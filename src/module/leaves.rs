//! A parameter, a buffer and a generator are modules of one part.

use super::{Init, Module, Visitor, VisitorMut};
use crate::element::{Element, Float};
use crate::graph::ModuleParts;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::buffer::Buffer;
use crate::tensor::generator::Generator;
use crate::tensor::param::Param;

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float> Module for Param<S, E> {
    const NUM_PARAMETERS: Option<usize> = Some(S::NUMEL);
    const PARTS: ModuleParts = ModuleParts::named("Param");

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.param(self);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        visitor.param(self);
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> Module for Buffer<S, E> {
    const NUM_PARAMETERS: Option<usize> = Some(0);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.buffer(self);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        visitor.buffer(self);
    }
}

impl Init for Generator {
    /// A generator that starts from a number drawn from `rng`.
    fn new(rng: &mut Rng) -> Self {
        Generator::seed(rng.bits())
    }
}

#[diagnostic::do_not_recommend]
impl Module for Generator {
    const NUM_PARAMETERS: Option<usize> = Some(0);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.generator(self);
    }
    // It is written through a shared reference.
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
}
