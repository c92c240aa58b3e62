//! The lines that must be equal on all ranks.

use super::optimizer::OptimizerOfAJob;
use crate::element::{Element, Float};
use crate::info;
use crate::nn::{
    Buffer, Dtype, Generator, Module, NamedVisitor, Param, Path, StateData, StateDict, Visitor, Walk,
};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The program and its model, line by line: where ranks differ, results would.
pub(super) fn lines(module: &impl Module, optimizer: &impl OptimizerOfAJob, rng: &Rng) -> Vec<String> {
    let info = info::info();
    let mut lines = vec![
        format!("typegrad {}", info.version),
        format!("the instructions {} of {}", info.level, info.target[0]),
    ];
    let mut walk = Walk::new(Lines(lines));
    module.visit(&mut walk);
    lines = walk.visitor.0;
    lines.push(format!("the optimizer {optimizer:?}"));
    lines.extend(
        optimizer
            .state()
            .iter()
            .map(|(name, state)| format!("optimizer state {name}: {} {:?}", state.dtype(), state.shape())),
    );
    let state: String = rng.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    lines.push(format!("the generator of the program, which a seed or a checkpoint sets, in state {state}"));
    lines
}

/// The first difference.
pub(super) fn difference(own: &[String], first: &[String]) -> Option<String> {
    let len = own.len().max(first.len());
    let at = (0..len).find(|&i| own.get(i) != first.get(i))?;
    let [own, first] = [own, first].map(|lines| lines.get(at).map_or("nothing more", String::as_str));
    let hint = if first.starts_with("the instructions") {
        "; the environment variable TYPEGRAD_LEVEL sets them"
    } else {
        ""
    };
    Some(format!("it has {own}, and rank 0 has {first}{hint}"))
}

struct Lines(Vec<String>);

impl Lines {
    fn add<S: Shape, E: Element>(&mut self, what: &str, at: &Path) {
        let frozen = if at.is_frozen() { "frozen " } else { "" };
        self.0.push(format!("{frozen}{what} {at}: {} {:?}", Dtype::of::<E>(), S::SIZES));
    }
}

impl<'a> NamedVisitor<'a> for Lines {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, _: &'a Param<S, E>) {
        self.add::<S, E>("parameter", at);
    }
    fn buffer<S: Shape, E: Element>(&mut self, at: &Path, _: &'a Buffer<S, E>) {
        self.add::<S, E>("buffer", at);
    }
    fn generator(&mut self, at: &Path, _: &'a Generator) {
        self.0.push(format!("generator {at}"));
    }
}

/// A checksum of the names, shapes and elements.
pub(super) fn checksum(dict: &StateDict) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for (name, tensor) in dict.iter() {
        hasher.update(format!("{name} {:?}", tensor.shape()).as_bytes());
        elements(&mut hasher, tensor.data());
    }
    hasher.finalize()
}

fn elements(hasher: &mut crc32fast::Hasher, data: &StateData) {
    // Piece by piece, so that the copy stays in a cache.
    let mut bytes = Vec::new();
    for start in (0..data.len()).step_by(1 << 14) {
        bytes.clear();
        super::elements::write(data, start..data.len().min(start + (1 << 14)), &mut bytes);
        hasher.update(&bytes);
    }
}

/// A checksum of the state of a module before a step: of generators, small tensors, and of larger ones in turn, each in
/// one step of [`TURNS`], so that it costs little beside the step.
pub(super) fn before_step(module: &impl Module, step: u64) -> u32 {
    // Two networks that are trained in turn get every second step each, so each would miss half of the turns. Each 16 steps
    // therefore start elsewhere: multiples of the golden ratio are spread evenly.
    let start = (step / TURNS).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60;
    let mut sum = BeforeStep { hasher: crc32fast::Hasher::new(), turn: step + start };
    module.visit(&mut sum);
    sum.hasher.finalize()
}

/// A tensor of more elements than `SMALL` is compared once in so many steps of a job with one network.
const TURNS: u64 = 16;
const SMALL: usize = 1024;

struct BeforeStep {
    hasher: crc32fast::Hasher,
    /// The turn of the step, and the number of larger tensors before.
    turn: u64,
}

impl BeforeStep {
    fn tensor<S: Shape, E: Element>(&mut self, tensor: &Tensor<S, E>) {
        if S::NUMEL > SMALL {
            self.turn += 1;
            if !self.turn.is_multiple_of(TURNS) {
                return;
            }
        }
        elements(&mut self.hasher, &E::to_state(Storage::from_slice(tensor.as_slice())));
    }
}

impl<'a> Visitor<'a> for BeforeStep {
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        self.tensor(param.value());
    }
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        self.tensor(&buffer.value());
    }
    fn generator(&mut self, generator: &'a Generator) {
        self.hasher.update(&generator.draw(|rng| rng.to_bytes()));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}
