//! Tensors on their way into a file. Those of a module are written from where they are: copying them into a state dict
//! first takes as long as writing them.

use super::entry;
use crate::element::{Element, Float};
use crate::nn::{Buffer, Dtype, Module, Name, Param, Path, StateDict, StateTensor, Visitor};
use crate::shape::Shape;
use crate::storage::Storage;
use std::collections::HashSet;
use std::io::{self, Write};

/// A tensor with its name.
pub(super) struct Outgoing<'a> {
    pub(super) name: String,
    pub(super) dtype: Dtype,
    pub(super) shape: &'a [usize],
    pub(super) elements: Box<dyn Elements + 'a>,
}

impl Outgoing<'_> {
    /// The number of bytes of the elements.
    pub(super) fn size(&self) -> usize {
        self.shape.iter().product::<usize>() * self.dtype.size()
    }
}

/// Elements that can be written.
pub(super) trait Elements {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()>;
}

impl Elements for &StateTensor {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        entry::write_data(self.data(), writer)
    }
}

/// The memory of a tensor of a module, shared.
impl<E: Element> Elements for Storage<E> {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        self.as_slice().chunks(1 << 13).try_for_each(|part| entry::write_data(&E::to_state(part), writer))
    }
}

/// The tensors of a state dict, with something in front of their names.
pub(super) fn of_dict<'a>(dict: &'a StateDict, prefix: &str) -> Vec<Outgoing<'a>> {
    let outgoing = |(name, tensor): (&str, &'a StateTensor)| Outgoing {
        name: format!("{prefix}{name}"),
        dtype: tensor.dtype(),
        shape: tensor.shape(),
        elements: Box::new(tensor),
    };
    dict.iter().map(outgoing).collect()
}

/// The tensors that are in the state dict of a module.
pub(super) fn of_module(module: &impl Module) -> Vec<Outgoing<'static>> {
    let mut collect = Collect::default();
    module.visit(&mut collect);
    collect.tensors
}

#[derive(Default)]
struct Collect {
    tensors: Vec<Outgoing<'static>>,
    names: HashSet<String>,
    path: Path,
}

impl Collect {
    fn add<S: Shape, E: Element>(&mut self, data: Storage<E>) {
        let (name, dtype) = (self.path.to_string(), E::to_state(&[]).dtype());
        assert!(self.names.insert(name.clone()), "two parts of this module have the name `{name}`");
        self.tensors.push(Outgoing { name, dtype, shape: S::SIZES, elements: Box::new(data) });
    }
}

impl<'a> Visitor<'a> for Collect {
    fn enter(&mut self, name: Name) {
        self.path.enter(name);
    }
    fn leave(&mut self) {
        self.path.leave();
    }
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        self.add::<S, E>(param.value().data.clone());
    }
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        if buffer.is_persistent() {
            self.add::<S, E>(buffer.value().data.clone());
        }
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}
