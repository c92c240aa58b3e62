//! Loading a state dict: everything is compared first, so that an error leaves the module as it was.

use super::state_dict::StateDict;
use super::state_kind::Taker;
use super::state_tensor::READABLE;
use super::walk::{NamedVisitor, NamedVisitorMut, Path, Walk};
use super::{Buffer, Dtype, Module, Param, StateData};
use crate::element::{Element, Float};
use crate::error_format::debug_as_display;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::collections::HashSet;
use std::fmt;

/// Whether the names of a state dict must be exactly those of the module. PyTorch's `strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strict {
    /// A name that is missing or unexpected is an error.
    Yes,
    /// A parameter or buffer that is missing in the state dict keeps its value; unexpected entries are ignored. A state dict
    /// without any name of the module is still an error: its names have another prefix, or it is that of another model. So is a
    /// tensor of another shape.
    No,
}

/// The names that were not loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// The names of the module that the state dict lacks.
    pub missing: Vec<String>,
    /// The names of the state dict that the module lacks.
    pub unexpected: Vec<String>,
}

/// A tensor that the state dict has with another shape or other elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name.
    pub name: String,
    /// Its shape in the module.
    pub expected_shape: Vec<usize>,
    /// The type of its elements in the module.
    pub expected_dtype: Dtype,
    /// Its shape in the state dict.
    pub found_shape: Vec<usize>,
    /// The type of its elements in the state dict.
    pub found_dtype: Dtype,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Taker::Module)
    }
}

impl Mismatch {
    fn write(&self, f: &mut fmt::Formatter<'_>, taker: Taker) -> fmt::Result {
        let Mismatch { name, expected_shape, expected_dtype, found_shape, found_dtype } = self;
        let taker = taker.name();
        write!(
            f,
            "`{name}` is {expected_dtype} {expected_shape:?} in the {taker} and {found_dtype} {found_shape:?} in the \
             state dict"
        )?;
        if (expected_dtype, found_dtype) == (&Dtype::F32, &Dtype::F64) {
            f.write_str(", which loses digits: `dict.to::<f32>()` rounds it")?;
        }
        Ok(())
    }
}

/// An entry of a state dict that makes no sense under its name, such as a negative count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Its name.
    pub name: String,
    /// The problem.
    pub problem: String,
}

/// Every difference between a module and a state dict that was not loaded into it, or into its optimizer.
#[derive(Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct LoadError {
    /// The names of the module that the state dict lacks.
    pub missing: Vec<String>,
    /// The names of the state dict that the module lacks.
    pub unexpected: Vec<String>,
    /// The tensors that do not fit.
    pub mismatched: Vec<Mismatch>,
    /// The tensors of an optimizer that no training can give, and the names of the module that are
    /// [opaque](StateDict::opaque).
    pub invalid: Vec<Invalid>,
    /// A likely cause, such as a prefix of all names.
    pub hint: Option<Box<str>>,
    /// The part that was to take the state dict.
    pub(crate) taker: Taker,
}

debug_as_display!(LoadError);

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taker = self.taker.name();
        write!(f, "the state dict does not fit the {taker}:")?;
        for name in &self.missing {
            write!(f, "\n  missing: `{name}` is in the {taker} but not in the state dict")?;
        }
        for name in &self.unexpected {
            write!(f, "\n  unexpected: `{name}` is in the state dict but not in the {taker}")?;
        }
        for mismatch in &self.mismatched {
            f.write_str("\n  mismatched: ")?;
            mismatch.write(f, self.taker)?;
        }
        for Invalid { name, problem } in &self.invalid {
            write!(f, "\n  invalid: `{name}` has {problem}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Whether elements of a state dict can be those of a module: `f32` becomes `f64`, exactly, and nothing is narrowed.
fn fits(found: Dtype, expected: Dtype) -> bool {
    found == expected || (found, expected) == (Dtype::F32, Dtype::F64)
}

/// Loads all of it or nothing.
pub(super) fn load(
    module: &mut impl Module,
    dict: &StateDict,
    strict: Strict,
) -> Result<LoadReport, LoadError> {
    let check = Check { dict, known: HashSet::new(), missing: vec![], mismatched: vec![], invalid: vec![] };
    let mut walk = Walk::new(check);
    module.visit(&mut walk);
    let Check { known, missing, mismatched, invalid, .. } = walk.visitor;
    let names = dict.names().chain(dict.opaque().map(|(name, _)| name));
    let mut unexpected: Vec<_> = names.filter(|&name| !known.contains(name)).map(str::to_owned).collect();
    if !unexpected.is_empty() {
        // Another name of a tensor that is loaded, such as a tied weight, is not unexpected.
        let tensors = |name: &str| dict.get(name).filter(|tensor| !tensor.data().is_empty());
        let known: HashSet<_> =
            known.iter().filter_map(|name| tensors(name)).map(|tensor| tensor.data().address()).collect();
        unexpected
            .retain(|name| tensors(name).is_none_or(|tensor| !known.contains(&tensor.data().address())));
    }
    let nothing = !missing.is_empty() && missing.len() == known.len();
    let different = nothing || strict == Strict::Yes && !(missing.is_empty() && unexpected.is_empty());
    if different || !(mismatched.is_empty() && invalid.is_empty()) {
        let error = LoadError { mismatched, invalid, ..LoadError::default() };
        if !different {
            return Err(error);
        }
        let in_no_case = || (strict == Strict::No).then(|| NOTHING.to_owned());
        let hint = hint(dict, &missing, &unexpected).or_else(in_no_case).map(String::into_boxed_str);
        return Err(LoadError { missing, unexpected, hint, ..error }.of(Taker::Module, dict));
    }
    module.visit_mut(&mut Walk::new(Write { dict }));
    Ok(LoadReport { missing, unexpected })
}

/// The cause that most differences have in common: all names of one side have a prefix, or the tensors are in a dict of
/// the file.
fn hint(dict: &StateDict, missing: &[String], unexpected: &[String]) -> Option<String> {
    let most = |count: usize| 2 * count >= missing.len().max(1);
    let (first, names) = (missing.first()?, HashSet::<_>::from_iter(unexpected));
    for prefix in unexpected.iter().filter_map(|name| name.strip_suffix(first.as_str())) {
        let stripped = missing.iter().filter(|name| names.contains(&format!("{prefix}{name}"))).count();
        if prefix.ends_with('.') && most(stripped) {
            return Some(format!(
                "the names of the state dict have the prefix `{prefix}`: `dict.strip_prefix({prefix:?})` removes it"
            ));
        }
    }
    for prefix in unexpected.iter().filter_map(|name| first.strip_suffix(name.as_str())) {
        let without =
            |name: &String| name.strip_prefix(prefix).is_some_and(|name| names.contains(&name.to_owned()));
        if prefix.ends_with('.') && most(missing.iter().filter(|name| without(name)).count()) {
            return Some(format!(
                "the names of the module have the prefix `{prefix}`: `dict.add_prefix({prefix:?})` puts it before \
                 those of the state dict"
            ));
        }
    }
    let mut dicts = dict.opaque().filter(|(_, kind)| *kind == DICT);
    dicts
        .next()
        .map(|(name, _)| format!("`{name}` is a dict of the file, which `load_pt_at(path, {name:?})` reads"))
}

/// The hint if no other applies.
const NOTHING: &str = "no name of the module is in the state dict, so that nothing would be loaded";

/// The kind of an opaque entry for a nested dict of a file.
pub(crate) const DICT: &str = "a dict";

/// The counter of a batch norm, which PyTorch's files before version 0.4.1 do not have.
const COUNTER: &str = "num_batches_tracked";

/// Compares a module with a state dict.
struct Check<'d> {
    dict: &'d StateDict,
    known: HashSet<String>,
    missing: Vec<String>,
    mismatched: Vec<Mismatch>,
    invalid: Vec<Invalid>,
}

impl Check<'_> {
    /// Whether this is the counter of a batch norm whose other buffers are in the state dict. It keeps its value then,
    /// as in PyTorch.
    fn may_be_absent<S: Shape, E: Element>(&self, name: &str) -> bool {
        let norm = name.strip_suffix(COUNTER).filter(|norm| norm.is_empty() || norm.ends_with('.'));
        S::RANK == 0
            && Dtype::of::<E>() == Dtype::I64
            && norm.is_some_and(|norm| {
                ["running_mean", "running_var"]
                    .iter()
                    .all(|name| self.dict.get(&format!("{norm}{name}")).is_some())
            })
    }

    fn compare<S: Shape, E: Element>(&mut self, at: &Path) {
        let name = at.to_string();
        match self.dict.get(&name) {
            None => match self.dict.opaque_kind(&name) {
                Some(kind) => self.invalid.push(Invalid {
                    name: name.clone(),
                    problem: format!("contents that are not read: {kind}; {READABLE}"),
                }),
                None if self.may_be_absent::<S, E>(&name) => {}
                None => self.missing.push(name.clone()),
            },
            Some(tensor) => {
                if tensor.shape() != S::SIZES || !fits(tensor.dtype(), Dtype::of::<E>()) {
                    self.mismatched.push(Mismatch {
                        name: name.clone(),
                        expected_shape: S::SIZES.to_vec(),
                        expected_dtype: Dtype::of::<E>(),
                        found_shape: tensor.shape().to_vec(),
                        found_dtype: tensor.dtype(),
                    });
                }
            }
        }
        self.known.insert(name);
    }
}

impl<'a> NamedVisitor<'a> for Check<'_> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, _: &'a Param<S, E>) {
        self.compare::<S, E>(at);
    }
    fn buffer<S: Shape, E: Element>(&mut self, at: &Path, buffer: &'a Buffer<S, E>) {
        if buffer.is_persistent() {
            self.compare::<S, E>(at);
        }
    }
}

/// Gives a state dict that was checked to the module. The memory is shared.
struct Write<'d> {
    dict: &'d StateDict,
}

impl Write<'_> {
    fn value<S: Shape, E: Element>(&self, at: &Path) -> Option<Tensor<S, E>> {
        let data = self.dict.get(&at.to_string())?.data();
        let elements = match data {
            StateData::F32(narrow) if Dtype::of::<E>() == Dtype::F64 => {
                E::from_state(&StateData::F64(Storage::collect(narrow.iter().map(|&x| x.into()))))?.clone()
            }
            data => E::from_state(data)?.clone(),
        };
        Some(Tensor::constant(elements))
    }
}

impl<'a> NamedVisitorMut<'a> for Write<'_> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a mut Param<S, E>) {
        if let Some(value) = self.value(at) {
            param.set(value);
        }
    }
    fn buffer<S: Shape, E: Element>(&mut self, at: &Path, buffer: &'a mut Buffer<S, E>) {
        if buffer.is_persistent()
            && let Some(value) = self.value(at)
        {
            buffer.set(value);
        }
    }
}
