//! Visitors that are told the path of names: of a module that is read, and of one that is changed.

use super::{Buffer, Generator, Module, Name, Param, Visitor, VisitorMut};
use crate::element::{Element, Float};
use crate::shape::Shape;
use std::fmt;

/// The path of a visitor: the names of the parts it is in. It is printed with dots, as in PyTorch: `blocks.0.fc`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    names: Vec<Name>,
    frozen: usize,
}

impl Path {
    fn enter(&mut self, name: Name) {
        self.names.push(name);
    }
    fn leave(&mut self) {
        self.names.pop();
    }
    /// Whether it is in a part that is frozen.
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen > 0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.names.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            name.fmt(f)?;
        }
        Ok(())
    }
}

/// A visitor that a [`Walk`] calls with each part and its path.
pub(crate) trait NamedVisitor<'a> {
    /// Whether parts that are frozen are visited.
    const FROZEN: bool = true;
    /// A part begins, whose name is the last of the path.
    fn enter(&mut self, _at: &Path) {}
    /// Leaves the part that was entered last.
    fn leave(&mut self) {}
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a Param<S, E>);
    fn buffer<S: Shape, E: Element>(&mut self, _at: &Path, _buffer: &'a Buffer<S, E>) {}
    fn generator(&mut self, _at: &Path, _generator: &'a Generator) {}
    fn absent(&mut self) {}
}

/// A visitor that a [`Walk`] calls with each parameter and buffer, which it may change, and its path. Parts that are frozen are
/// visited.
pub(crate) trait NamedVisitorMut<'a> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a mut Param<S, E>);
    fn buffer<S: Shape, E: Element>(&mut self, _at: &Path, _buffer: &'a mut Buffer<S, E>) {}
}

/// Calls `visitor` with each part and its path.
pub(crate) struct Walk<V> {
    pub(crate) visitor: V,
    pub(crate) path: Path,
}

impl<V> Walk<V> {
    pub(crate) fn new(visitor: V) -> Self {
        Walk { visitor, path: Path::default() }
    }
}

impl<'a, V: NamedVisitor<'a>> Visitor<'a> for Walk<V> {
    fn enter(&mut self, name: Name) {
        self.path.enter(name);
        self.visitor.enter(&self.path);
    }
    fn leave(&mut self) {
        self.path.leave();
        self.visitor.leave();
    }
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        self.visitor.param(&self.path, param);
    }
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        self.visitor.buffer(&self.path, buffer);
    }
    fn generator(&mut self, generator: &'a Generator) {
        self.visitor.generator(&self.path, generator);
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        if V::FROZEN {
            self.path.frozen += 1;
            module.visit(self);
            self.path.frozen -= 1;
        }
    }
    fn absent(&mut self) {
        self.visitor.absent();
    }
}

impl<'a, V: NamedVisitorMut<'a>> VisitorMut<'a> for Walk<V> {
    fn enter(&mut self, name: Name) {
        self.path.enter(name);
    }
    fn leave(&mut self) {
        self.path.leave();
    }
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        self.visitor.param(&self.path, param);
    }
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a mut Buffer<S, E>) {
        self.visitor.buffer(&self.path, buffer);
    }
    fn frozen<M: Module>(&mut self, module: &'a mut M) {
        self.path.frozen += 1;
        module.visit_mut(self);
        self.path.frozen -= 1;
    }
}
