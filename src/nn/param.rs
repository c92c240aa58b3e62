//! A parameter is a module with one tensor.

use super::Param;
use super::module::{Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::shape::Shape;

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float> Module for Param<S, E> {
    const NUM_PARAMETERS: Option<usize> = Some(S::NUMEL);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.param(self);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        visitor.param(self);
    }
}
