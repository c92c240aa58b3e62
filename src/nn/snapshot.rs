//! A snapshot of the buffers and generators of a module, to restore them or to transfer them to another module of its type.

use super::{Buffer, Generator, Module, Param, Visitor};
use crate::element::{Element, Float};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::any::Any;

/// The buffers and the generators of a module.
#[derive(Default)]
pub(crate) struct Snapshot {
    buffers: Buffers,
    generators: Vec<Rng>,
}

impl Snapshot {
    /// Captures the current state.
    pub(crate) fn of(module: &impl Module) -> Self {
        let mut snapshot = Snapshot { buffers: Buffers::of(module), generators: vec![] };
        module.visit(&mut snapshot);
        snapshot
    }

    /// Restores it.
    pub(crate) fn restore(self, module: &impl Module) {
        self.buffers.restore(module);
        module.visit(&mut RestoreGenerators(self.generators.into_iter()));
    }
}

impl<'a> Visitor<'a> for Snapshot {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn generator(&mut self, generator: &'a Generator) {
        self.generators.push(generator.draw(|rng| rng.clone()));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}

struct RestoreGenerators(std::vec::IntoIter<Rng>);

impl<'a> Visitor<'a> for RestoreGenerators {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn generator(&mut self, generator: &'a Generator) {
        let state = self.0.next().expect("as many as there were");
        generator.draw(|rng| *rng = state);
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}

/// The buffers of a module, which share the memory of their tensors.
#[derive(Default)]
pub(crate) struct Buffers(Vec<Box<dyn Any + Send>>);

impl Buffers {
    /// Captures the current state.
    pub(crate) fn of(module: &impl Module) -> Self {
        let mut buffers = Buffers::default();
        module.visit(&mut buffers);
        buffers
    }

    /// Gives them to a module of the same type.
    pub(crate) fn restore(self, module: &impl Module) {
        module.visit(&mut RestoreBuffers(self.0.into_iter()));
    }
}

impl<'a> Visitor<'a> for Buffers {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        self.0.push(Box::new(buffer.value()));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}

struct RestoreBuffers(std::vec::IntoIter<Box<dyn Any + Send>>);

impl<'a> Visitor<'a> for RestoreBuffers {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        let value = self.0.next().expect("as many as there were");
        buffer.set(*value.downcast::<Tensor<S, E>>().expect("the value of this buffer"));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}
