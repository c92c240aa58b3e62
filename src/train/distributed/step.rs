//! The sum of the gradients of all shards of a step.

use super::elements;
use super::relay::{Work, chunk_bytes};
use crate::element::{Element, Float};
use crate::graph::accumulate;
use crate::nn::{Buffer, Dtype, Module, Param, StateData, Visitor, VisitorMut};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::train::data_parallel::ShardResult;
use std::any::Any;
use std::ops::Range;

/// Elements of one part of the data: a buffer, or the gradient of a parameter.
struct Piece {
    part: usize,
    range: Range<usize>,
}

/// How the buffers and gradients of a module are cut into chunks. Buffers go up only: they are those of rank 0.
pub(super) struct Layout {
    buffers: usize,
    parameters: usize,
    chunks: Vec<Vec<Piece>>,
    /// The bytes of each chunk, up and down. That of the flags is the first.
    pub(super) sizes: Vec<(usize, usize)>,
}

impl Layout {
    pub(super) fn of(module: &impl Module, ranks: usize) -> Self {
        let mut tensors = TensorSizes::default();
        module.visit(&mut tensors);
        let TensorSizes { buffers, parameters } = tensors;
        let bytes = |parts: &[(usize, usize)]| parts.iter().map(|(len, size)| len * size).sum::<usize>();
        let most = chunk_bytes(bytes(&buffers) + bytes(&parameters), ranks);
        let flags = parameters.len().div_ceil(8);
        let (mut chunks, mut sizes) = (vec![], vec![(flags, flags)]);
        for (part, (len, size)) in buffers.iter().chain(&parameters).copied().enumerate() {
            let mut start = 0;
            while start < len {
                if chunks.is_empty() || sizes.last().is_none_or(|(up, _)| up + size > most) {
                    chunks.push(vec![]);
                    sizes.push((0, 0));
                }
                let (Some((up, down)), Some(chunk)) = (sizes.last_mut(), chunks.last_mut()) else { break };
                let count = ((most - *up) / size).min(len - start);
                chunk.push(Piece { part, range: start..start + count });
                *up += count * size;
                *down += if part < buffers.len() { 0 } else { count * size };
                start += count;
            }
        }
        Layout { buffers: buffers.len(), parameters: parameters.len(), chunks, sizes }
    }
}

/// The length and the size of an element of each buffer and parameter. Those are left out that an optimizer does not see.
#[derive(Default)]
struct TensorSizes {
    buffers: Vec<(usize, usize)>,
    parameters: Vec<(usize, usize)>,
}

impl<'a> Visitor<'a> for TensorSizes {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
        self.parameters.push((S::NUMEL, Dtype::of::<E>().size()));
    }
    fn buffer<S: Shape, E: Element>(&mut self, _: &'a Buffer<S, E>) {
        self.buffers.push((S::NUMEL, Dtype::of::<E>().size()));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        let parameters = self.parameters.len();
        module.visit(self);
        self.parameters.truncate(parameters);
    }
}

/// The gradients of a step at one rank.
pub(super) struct Step<'l> {
    layout: &'l Layout,
    /// The shares of the shards of this rank in the rows, and of each parameter their gradients.
    weights: Vec<f64>,
    gradients: Vec<Vec<Option<StateData>>>,
    buffers: Vec<StateData>,
    sums: Vec<StateData>,
    /// Whether the sum of a parameter has a term: from the ranks before, and with this rank.
    started: Vec<bool>,
    present: Vec<bool>,
}

impl<'l> Step<'l> {
    /// The gradients of the shards of a rank. Rank 0 has the first shard, whose buffers become those of `module`.
    pub(super) fn new(layout: &'l Layout, module: &impl Module, mut shards: Vec<ShardResult>) -> Self {
        if let Some(buffers) = shards.first_mut().and_then(|first| first.buffers.take()) {
            buffers.restore(module);
        }
        let weights = shards.iter().map(|shard| shard.weight).collect();
        let shards = shards.into_iter().map(|shard| shard.gradients).collect();
        let mut collect = Collect { shards, gradients: vec![], sums: vec![] };
        module.visit(&mut collect);
        let Collect { gradients, sums, .. } = collect;
        let started = vec![false; layout.parameters];
        let present = started.clone();
        Step { layout, weights, gradients, buffers: buffers(module), sums, started, present }
    }

    /// Adds the sums to the gradients of the module, and gives it the buffers.
    pub(super) fn finish(self, module: &mut impl Module) {
        restore(module, self.buffers);
        let sums = self.sums.into_iter().zip(self.present).collect::<Vec<_>>().into_iter();
        module.visit_mut(&mut Accumulate(sums));
    }
}

impl Work for Step<'_> {
    fn up(&mut self, chunk: usize, came: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), String> {
        let Some(chunk) = chunk.checked_sub(1) else {
            if let Some(came) = came {
                unpack(came, &mut self.started);
            }
            let own = self.gradients.iter().map(|shards| shards.iter().any(Option::is_some));
            self.present = self.started.iter().zip(own).map(|(started, own)| *started || own).collect();
            pack(&self.present, out);
            return Ok(());
        };
        let mut came = came;
        for Piece { part, range } in &self.layout.chunks[chunk] {
            let range = range.clone();
            if *part < self.layout.buffers {
                let buffer = &mut self.buffers[*part];
                if let Some(came) = &mut came {
                    elements::read(buffer, range.clone(), came);
                }
                elements::write(buffer, range, out);
                continue;
            }
            let parameter = part - self.layout.buffers;
            let sum = &mut self.sums[parameter];
            if let Some(came) = &mut came {
                elements::read(sum, range.clone(), came);
            }
            let shards = self.weights.iter().copied().zip(&self.gradients[parameter]);
            let shards = shards.filter_map(|(weight, gradient)| Some((weight, gradient.as_ref()?)));
            elements::add(sum, range.clone(), self.started[parameter], shards);
            elements::write(sum, range, out);
        }
        Ok(())
    }

    fn turn(&mut self, chunk: usize, out: &mut Vec<u8>) {
        let Some(chunk) = chunk.checked_sub(1) else { return pack(&self.present, out) };
        for Piece { part, range } in &self.layout.chunks[chunk] {
            if let Some(parameter) = part.checked_sub(self.layout.buffers) {
                elements::write(&self.sums[parameter], range.clone(), out);
            }
        }
    }

    fn down(&mut self, chunk: usize, mut came: &[u8]) {
        let Some(chunk) = chunk.checked_sub(1) else { return unpack(came, &mut self.present) };
        for Piece { part, range } in &self.layout.chunks[chunk] {
            if let Some(parameter) = part.checked_sub(self.layout.buffers) {
                elements::read(&mut self.sums[parameter], range.clone(), &mut came);
            }
        }
    }
}

/// Flags as bits.
fn pack(flags: &[bool], out: &mut Vec<u8>) {
    out.extend(
        flags.chunks(8).map(|eight| {
            eight.iter().enumerate().fold(0_u8, |byte, (bit, flag)| byte | u8::from(*flag) << bit)
        }),
    );
}

fn unpack(bytes: &[u8], flags: &mut [bool]) {
    for (byte, eight) in bytes.iter().zip(flags.chunks_mut(8)) {
        eight.iter_mut().enumerate().for_each(|(bit, flag)| *flag = byte >> bit & 1 == 1);
    }
}

/// Brings the gradients of the shards into the order of the parameters.
struct Collect {
    shards: Vec<Vec<Option<Box<dyn Any + Send>>>>,
    gradients: Vec<Vec<Option<StateData>>>,
    sums: Vec<StateData>,
}

impl<'a> Visitor<'a> for Collect {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
        let place = self.gradients.len();
        let gradients = self.shards.iter_mut().map(|shard| {
            let gradient = shard.get_mut(place)?.take()?.downcast::<Storage<E>>().ok()?;
            Some(E::to_state(*gradient))
        });
        self.gradients.push(gradients.collect());
        // Zeros, which are sent where no shard has a gradient.
        self.sums.push(E::to_state(Storage::filled(S::NUMEL, E::zero())));
    }
}

/// Adds to the gradients of the parameters.
struct Accumulate(std::vec::IntoIter<(StateData, bool)>);

impl<'a> VisitorMut<'a> for Accumulate {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        let Some((sum, true)) = self.0.next() else { return };
        let elements = E::from_state(&sum).cloned();
        drop(sum);
        if let Some(elements) = elements {
            accumulate(param.gradient.get_mut(), elements);
        }
    }
}

/// The buffers of a module, also those of frozen parts.
pub(super) fn buffers(module: &impl Module) -> Vec<StateData> {
    let mut buffers = ReadBuffers(vec![]);
    module.visit(&mut buffers);
    buffers.0
}

struct ReadBuffers(Vec<StateData>);

impl<'a> Visitor<'a> for ReadBuffers {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        self.0.push(E::to_state(Storage::from_slice(buffer.value().as_slice())));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}

/// Gives a module the buffers of another one of its type.
pub(super) fn restore(module: &impl Module, buffers: Vec<StateData>) {
    module.visit(&mut WriteBuffers(buffers.into_iter()));
}

struct WriteBuffers(std::vec::IntoIter<StateData>);

impl<'a> Visitor<'a> for WriteBuffers {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        let data = self.0.next();
        if let Some(elements) = data.as_ref().and_then(E::from_state) {
            buffer.set(Tensor::constant(elements.clone()));
        }
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}
